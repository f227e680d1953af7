using LeadSync.Contracts;
using LeadSync.Gateway.Records;
using LeadSync.Gateway.Zoho;
using LeadSync.ServiceDefaults.Bus;

namespace LeadSync.Gateway.Notifications;

/// <summary>Hydrates announced leads: reads them from Zoho, and publishes what Zoho shows. Leads that arrive while others are hydrated form
/// the next batch.</summary>
internal sealed partial class AnnouncedLeads : IDisposable
{
    public const int MessagesPerBatch = 20;
    public const int ConcurrentBatches = 2;

    private static readonly TimeSpan GapAhead = TimeSpan.FromSeconds(15);

    private readonly Lock gate = new();
    private GapDetected? covering;

    private readonly Hydration hydration;
    private readonly LeadParking parking;
    private readonly Publish publish;
    private readonly ZohoClock zohoClock;
    private readonly TimeProvider clock;
    private readonly ILogger<AnnouncedLeads> log;
    private readonly Batcher<Received> live;
    private readonly Batcher<Received> inQuestion;

    public AnnouncedLeads(
        Hydration hydration, LeadParking parking, Publish publish, ZohoClock zohoClock, TimeProvider clock, ILogger<AnnouncedLeads> log)
    {
        (this.hydration, this.parking, this.publish) = (hydration, parking, publish);
        (this.zohoClock, this.clock, this.log) = (zohoClock, clock, log);
        live = new(
            MessagesPerBatch, ConcurrentBatches, minInterval: TimeSpan.Zero, clock,
            batch => Hydrate(batch, page => new LeadsChanged(page)));
        inQuestion = new(
            MessagesPerBatch, maxConcurrentBatches: 1, minInterval: TimeSpan.Zero, clock,
            batch => Hydrate(batch, page => new LeadsReread(page)));
    }

    /// <param name="traceParent">The announcement's trace; null when there is none.</param>
    /// <returns>A task that ends when the broker has confirmed every message that the announcement caused.</returns>
    public Task Hydrate(LeadsAnnounced announcement, string? traceParent, CancellationToken ct) =>
        announcement.Source == Source.Notification
            ? live.AddOrHandleAlone(new(announcement, traceParent, ct))
            : publish(new LeadsInQuestion(announcement), ct);

    /// <summary>Like <see cref="Hydrate(LeadsAnnounced, string, CancellationToken)"/>, in a lane that never delays live changes.</summary>
    public Task HydrateInQuestion(LeadsAnnounced announcement, string? traceParent, CancellationToken ct) =>
        inQuestion.AddOrHandleAlone(new(announcement, traceParent, ct));

    /// <summary>Waits until an announcement is due, and publishes it again.</summary>
    /// <param name="announcement"><see cref="LeadsAnnounced"/> or <see cref="LeadsInQuestion"/>.</param>
    public async Task AnnounceWhenDue(object announcement, DateTimeOffset dueAt, CancellationToken ct)
    {
        if (dueAt - clock.GetUtcNow() is { Ticks: > 0 } pause)
            await Task.Delay(pause, clock, ct);
        await publish(announcement, ct);
    }

    public void Dispose()
    {
        live.Dispose();
        inQuestion.Dispose();
    }

    private async Task Hydrate(IReadOnlyList<Received> gathered, Func<IReadOnlyList<LeadChanged>, object> message)
    {
        var ct = gathered[0].Ct;
        var announced = AnnouncedLead.Of(gathered.Select(one => (one.Announcement, one.TraceParent)));
        using var traces = new HydrationTraces(announced);
        await Publish(await Read(announced, ct), message, traces, ct);
    }

    private async Task<HydrationResult> Read(IReadOnlyList<AnnouncedLead> announced, CancellationToken ct)
    {
        try
        {
            return await hydration.Hydrate(announced, ct);
        }
        catch (ZohoException e)
        {
            return HydrationResult.Failed(announced, e, zohoClock.Now);
        }
    }

    private async Task Publish(
        HydrationResult hydrated, Func<IReadOnlyList<LeadChanged>, object> message, HydrationTraces traces, CancellationToken ct)
    {
        await parking.Park(hydrated.ToPark, "leads-announced", ct);
        LeadChanged[] changes = [.. hydrated.Changes.Select(change => traces.Stamped(change, zohoClock.Now))];
        await Task.WhenAll(LeadPages.Of(changes).Select(page => publish(message(page), ct)));
        HydrationTraces.Measure(changes, zohoClock.Now);
        await Task.WhenAll(LookAgain.At(hydrated.Later, clock.GetUtcNow()).Select(later => publish(later, ct)));
        if (hydrated.Gap is { } gap && !IsCovered(gap))
            await Publish(gap, ct);
        Report(hydrated);
    }

    // While Zoho does not answer, every batch leaves a gap. So one announced gap reaches some seconds ahead, and covers the next batches.
    private async Task Publish(GapDetected gap, CancellationToken ct)
    {
        var wide = gap with { To = gap.To + GapAhead };
        await publish(wide, ct);
        lock (gate)
            covering = wide;
        NotRead(gap.Cause);
    }

    private bool IsCovered(GapDetected gap)
    {
        lock (gate)
            return covering is { } known && known.Cause == gap.Cause && known.From <= gap.From && gap.To <= known.To;
    }

    private void Report(HydrationResult hydrated)
    {
        GatewayMetrics.Hydrated(hydrated);
        if (hydrated.GivenUp.Count > 0)
            GivenUp(hydrated.GivenUp.Count);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message =
        "Zoho shows {Count} announced leads neither as records nor as deleted; the next full comparison settles them")]
    private partial void GivenUp(int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Announced leads could not be read, and a catch-up will read them. {Cause}")]
    private partial void NotRead(string cause);

    /// <param name="TraceParent">The announcement's trace; null when there is none.</param>
    private readonly record struct Received(LeadsAnnounced Announcement, string? TraceParent, CancellationToken Ct);
}

/// <summary>Leads to be read again without a notification of Zoho: full comparisons, bulk pages and replays announce them.</summary>
internal sealed record LeadsInQuestion(LeadsAnnounced Announcement);

/// <summary>Asks the gateway itself to announce leads again, later.</summary>
/// <param name="DueAt">This machine's clock: when the leads are to be announced.</param>
internal sealed record LookAgain(LeadsAnnounced Announcement, DateTimeOffset DueAt)
{
    /// <returns>A <see cref="LookAgain"/> for notified leads, and a <see cref="LookAgainInQuestion"/> for others.</returns>
    public static IEnumerable<object> At(IEnumerable<(AnnouncedLead Lead, TimeSpan Pause)> later, DateTimeOffset now) =>
        from leads in later.GroupBy(again => again.Pause, again => again.Lead)
        from announcement in AnnouncedLead.Together(leads)
        let dueAt = now + leads.Key
        select announcement.Source == Source.Notification
            ? new LookAgain(announcement, dueAt)
            : (object)new LookAgainInQuestion(new LeadsInQuestion(announcement), dueAt);
}

/// <summary>As <see cref="LookAgain"/>, for leads that Zoho has sent no notification of.</summary>
internal sealed record LookAgainInQuestion(LeadsInQuestion Question, DateTimeOffset DueAt);
