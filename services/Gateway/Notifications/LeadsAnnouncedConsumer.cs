using System.Diagnostics;
using LeadSync.Contracts;
using LeadSync.Gateway.Records;
using LeadSync.Gateway.Zoho;
using LeadSync.ServiceDefaults.Bus;
using LeadSync.ServiceDefaults.Telemetry;
using MassTransit;
using MassTransit.Logging;

namespace LeadSync.Gateway.Notifications;

/// <summary>Hydrates announced leads, all at once that came in while others were hydrated, and publishes together what Zoho shows of them.</summary>
/// <remarks>Published by the bus, not by the context: MassTransit fails a message, however well its retry went, for what its context could
/// not publish before.</remarks>
internal sealed partial class LeadsAnnouncedConsumer : IConsumer<LeadsAnnounced>, IDisposable
{
    public const int MostAtOnce = 20;
    public const int Hands = 2;

    private readonly Hydration hydration;
    private readonly OddLeads oddLeads;
    private readonly IBus bus;
    private readonly ZohoClock clock;
    private readonly TimeProvider time;
    private readonly ILogger<LeadsAnnouncedConsumer> log;
    private readonly Gathering<ConsumeContext<LeadsAnnounced>> gathering;

    public LeadsAnnouncedConsumer(
        Hydration hydration, OddLeads oddLeads, IBus bus, ZohoClock clock, TimeProvider time, ILogger<LeadsAnnouncedConsumer> log)
    {
        (this.hydration, this.oddLeads, this.bus, this.clock, this.time, this.log) = (hydration, oddLeads, bus, clock, time, log);
        gathering = new(MostAtOnce, Hands, apart: TimeSpan.Zero, time, Hydrate);
    }

    public Task Consume(ConsumeContext<LeadsAnnounced> context) => gathering.AddOrAlone(context);

    public void Dispose() => gathering.Dispose();

    private async Task Hydrate(IReadOnlyList<ConsumeContext<LeadsAnnounced>> gathered)
    {
        var ct = gathered[0].CancellationToken;
        var announced = AnnouncedLead.Of(gathered.Select(message =>
            (message.Message, message.Headers.Get<string>(DiagnosticHeaders.ActivityId))));
        // One trace from a notification's request to the projector, although what is done for many at once has its own.
        var spans = announced.ToDictionary(lead => lead.Id, lead => LeadSyncTelemetry.StartInTraceOf(lead.TraceParent, "hydrate lead"));
        try
        {
            await Publish(announced, await Read(announced, ct), spans, ct);
        }
        finally
        {
            foreach (var span in spans.Values)
                span?.Dispose();
        }
    }

    private async Task<Hydrated> Read(IReadOnlyList<AnnouncedLead> announced, CancellationToken ct)
    {
        try
        {
            return await hydration.Hydrate(announced, ct);
        }
        catch (ZohoException e)
        {
            return Hydrated.Failed(announced, e.Message, clock.Now);
        }
    }

    private async Task Publish(
        IReadOnlyList<AnnouncedLead> announced, Hydrated hydrated, Dictionary<string, Activity?> spans, CancellationToken ct)
    {
        await oddLeads.Park(hydrated.Odd, "leads-announced", ct);
        var leads = announced.ToDictionary(lead => lead.Id);
        LeadChanged[] changes = [.. hydrated.Changes.Select(change => Stamped(change, leads[change.Id], spans[change.Id]))];
        await Task.WhenAll(LeadPages.Of(changes).Select(page => bus.Publish(new LeadsChanged(page), ct)));
        foreach (var change in changes)
            Measure(change);
        await Task.WhenAll(LookAgain.At(hydrated.Later, time.GetUtcNow()).Select(later => bus.Publish(later, ct)));
        if (hydrated.Gap is { } gap)
            await bus.Publish(gap, ct);
        Report(hydrated);
    }

    private LeadChanged Stamped(LeadChanged change, AnnouncedLead lead, Activity? span)
    {
        var traced = change with { TraceParent = span?.Id ?? lead.TraceParent };
        return lead is { Source: Source.Notification, Attempt: 0 }
            ? traced with { ReceivedAt = lead.AnnouncedAt, PublishedAt = clock.Now }
            : traced;
    }

    private void Measure(LeadChanged change)
    {
        if (change.ReceivedAt is not { } received)
            return;

        if (change.Content is { } content)
            ChangeDuration.Record("announced", received - content.ModifiedTime);
        ChangeDuration.Record("hydrated", clock.Now - received);
    }

    private void Report(Hydrated hydrated)
    {
        GatewayMetrics.Hydrated("seen", hydrated.Changes.Count(change => change.Content is not null));
        GatewayMetrics.Hydrated("gone", hydrated.Changes.Count(change => change.Content is null));
        GatewayMetrics.Hydrated("later", hydrated.Later.Count);
        GatewayMetrics.Hydrated("given-up", hydrated.GivenUp.Count);
        if (hydrated.GivenUp.Count > 0)
            GivenUp(hydrated.GivenUp.Count);
        if (hydrated.Gap is { } gap)
            NotRead(gap.Cause);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message =
        "{Count} announced leads can neither be read nor does Zoho list them as deleted; the next full comparison settles them")]
    private partial void GivenUp(int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Announced leads are left to a catch-up. {Cause}")]
    private partial void NotRead(string cause);
}

internal sealed class LeadsAnnouncedConsumerDefinition : ConsumerDefinition<LeadsAnnouncedConsumer>
{
    protected override void ConfigureConsumer(
        IReceiveEndpointConfigurator endpoint, IConsumerConfigurator<LeadsAnnouncedConsumer> consumer, IRegistrationContext context) =>
        endpoint.PrefetchCount = LeadsAnnouncedConsumer.Hands * LeadsAnnouncedConsumer.MostAtOnce;
}
