using LeadSync.Contracts;
using LeadSync.Gateway.Records;
using LeadSync.Gateway.Zoho;
using LeadSync.ServiceDefaults.Bus;

namespace LeadSync.Gateway.Notifications;

/// <summary>Hydrates announced leads: gathers all that come in while others are hydrated, reads them from Zoho, and publishes what it shows of them.</summary>
internal sealed partial class AnnouncedLeads : IDisposable
{
    public const int MostAtOnce = 20;
    public const int Hands = 2;

    private readonly Hydration hydration;
    private readonly LeadParking parking;
    private readonly Publish publish;
    private readonly ZohoClock clock;
    private readonly TimeProvider time;
    private readonly ILogger<AnnouncedLeads> log;
    private readonly Gathering<(LeadsAnnounced Announcement, string? TraceParent, CancellationToken Ct)> gathering;

    public AnnouncedLeads(
        Hydration hydration, LeadParking parking, Publish publish, ZohoClock clock, TimeProvider time, ILogger<AnnouncedLeads> log)
    {
        (this.hydration, this.parking, this.publish, this.clock, this.time, this.log) = (hydration, parking, publish, clock, time, log);
        gathering = new(MostAtOnce, Hands, apart: TimeSpan.Zero, time, Hydrate);
    }

    /// <param name="traceParent">The trace that the announcement came in; null when there is none.</param>
    /// <returns>Ends when the broker has confirmed all that follows from the announcement.</returns>
    public Task Hydrate(LeadsAnnounced announcement, string? traceParent, CancellationToken ct) =>
        gathering.AddOrAlone((announcement, traceParent, ct));

    /// <summary>Announces leads once more when it is time to.</summary>
    public async Task AnnounceWhenDue(LookAgain again, CancellationToken ct)
    {
        if (again.DueAt - time.GetUtcNow() is { Ticks: > 0 } pause)
            await Task.Delay(pause, time, ct);
        await publish(again.Announcement, ct);
    }

    public void Dispose() => gathering.Dispose();

    private async Task Hydrate(IReadOnlyList<(LeadsAnnounced Announcement, string? TraceParent, CancellationToken Ct)> gathered)
    {
        var ct = gathered[0].Ct;
        var announced = AnnouncedLead.Of(gathered.Select(one => (one.Announcement, one.TraceParent)));
        using var traces = new HydrationTraces(announced);
        await Publish(await Read(announced, ct), traces, ct);
    }

    private async Task<Hydrated> Read(IReadOnlyList<AnnouncedLead> announced, CancellationToken ct)
    {
        try
        {
            return await hydration.Hydrate(announced, ct);
        }
        catch (ZohoException e)
        {
            return Hydrated.Failed(announced, e, clock.Now);
        }
    }

    private async Task Publish(Hydrated hydrated, HydrationTraces traces, CancellationToken ct)
    {
        await parking.Park(hydrated.ToPark, "leads-announced", ct);
        LeadChanged[] changes = [.. hydrated.Changes.Select(change => traces.Stamped(change, clock.Now))];
        await Task.WhenAll(LeadPages.Of(changes).Select(page => publish(new LeadsChanged(page), ct)));
        HydrationTraces.Measure(changes, clock.Now);
        await Task.WhenAll(LookAgain.At(hydrated.Later, time.GetUtcNow()).Select(later => publish(later, ct)));
        if (hydrated.Gap is { } gap)
            await publish(gap, ct);
        Report(hydrated);
    }

    private void Report(Hydrated hydrated)
    {
        GatewayMetrics.Hydrated(hydrated);
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
