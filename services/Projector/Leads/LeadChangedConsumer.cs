using System.Diagnostics;
using LeadSync.Contracts;
using LeadSync.ServiceDefaults.Bus;
using LeadSync.ServiceDefaults.Telemetry;
using MassTransit;

namespace LeadSync.Projector.Leads;

/// <summary>Folds live changes, all at once that came in while others were folded; each stays part of the trace that began with Zoho's notification.</summary>
internal sealed class LeadChangedConsumer : IConsumer<LeadChanged>, IDisposable
{
    public const int MostAtOnce = 200;
    public const int Hands = 1;

    private readonly LeadProjection projection;
    private readonly ChangeLatency latency;
    private readonly TimeProvider clock;
    private readonly Gathering<(ConsumeContext<LeadChanged> Message, Activity? Span)> gathering;

    public LeadChangedConsumer(LeadProjection projection, ChangeLatency latency, TimeProvider clock)
    {
        (this.projection, this.latency, this.clock) = (projection, latency, clock);
        gathering = new(MostAtOnce, Hands, Fold);
    }

    public async Task Consume(ConsumeContext<LeadChanged> context)
    {
        using var span = LeadSyncTelemetry.Source.StartActivity("fold lead");
        await gathering.AddOrAlone((context, span));
        if (context.SentTime is { } sent)
            ChangeDuration.Record("folded", clock.GetUtcNow() - sent);
    }

    public void Dispose() => gathering.Dispose();

    private async Task Fold(IReadOnlyList<(ConsumeContext<LeadChanged> Message, Activity? Span)> gathered)
    {
        // They are folded in the trace of the first.
        foreach (var (_, span) in gathered.Skip(1))
            span?.AddLink(new ActivityLink(gathered[0].Span?.Context ?? default));
        LeadChanged[] changes = [.. gathered.Select(entry => entry.Message.Message)];
        var outcome = await projection.Project(
            [.. gathered.Select(entry => (entry.Message.Message, entry.Span?.Context ?? default))], "live change", gathered[0].Message.CancellationToken);
        latency.Note([.. changes.Applied(outcome)]);
    }
}

internal sealed class LeadChangedConsumerDefinition : ConsumerDefinition<LeadChangedConsumer>
{
    protected override void ConfigureConsumer(
        IReceiveEndpointConfigurator endpoint, IConsumerConfigurator<LeadChangedConsumer> consumer, IRegistrationContext context) =>
        // As many are gathered while others are folded.
        endpoint.PrefetchCount = 2 * LeadChangedConsumer.Hands * LeadChangedConsumer.MostAtOnce;
}
