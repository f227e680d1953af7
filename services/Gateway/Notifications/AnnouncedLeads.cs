using System.Diagnostics;
using LeadSync.Contracts;
using LeadSync.Gateway.Records;
using LeadSync.Gateway.Zoho.Calls;
using LeadSync.ServiceDefaults.Bus;
using LeadSync.ServiceDefaults.Telemetry;

namespace LeadSync.Gateway.Notifications;

/// <summary>Hydrates announced leads: reads them from Zoho, and publishes what Zoho shows. Leads that are announced meanwhile form the next
/// batch.</summary>
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
            batch => Hydrate(batch, (page, ct) => publish(new LeadsChanged(page), ct)));
        inQuestion = new(
            MessagesPerBatch, maxConcurrentBatches: 1, minInterval: TimeSpan.Zero, clock,
            batch => Hydrate(batch, (page, ct) => publish(new LeadsReread(page), ct)));
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

    /// <summary>Waits until the announcement is due, and publishes it again.</summary>
    public async Task AnnounceWhenDue(LookAgain again, CancellationToken ct)
    {
        await WaitFor(again.DueAt, ct);
        await publish(again.Announcement, ct);
    }

    /// <summary>Like <see cref="AnnounceWhenDue(LookAgain, CancellationToken)"/>, for leads in question.</summary>
    public async Task AnnounceWhenDue(LookAgainInQuestion again, CancellationToken ct)
    {
        await WaitFor(again.DueAt, ct);
        await publish(again.Question, ct);
    }

    public void Dispose()
    {
        live.Dispose();
        inQuestion.Dispose();
    }

    private Task WaitFor(DateTimeOffset dueAt, CancellationToken ct) =>
        dueAt - clock.GetUtcNow() is { Ticks: > 0 } pause ? Task.Delay(pause, clock, ct) : Task.CompletedTask;

    private async Task Hydrate(IReadOnlyList<Received> gathered, Func<IReadOnlyList<LeadChanged>, CancellationToken, Task> publishPage)
    {
        var ct = gathered[0].Ct;
        var announced = AnnouncedLead.Of(gathered.Select(one => (one.Announcement, one.TraceParent)));
        using var traces = new Traces(announced);
        await Publish(await Read(announced, ct), publishPage, traces, ct);
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
        HydrationResult hydrated, Func<IReadOnlyList<LeadChanged>, CancellationToken, Task> publishPage, Traces traces,
        CancellationToken ct)
    {
        await parking.Park(hydrated.ToPark, "leads-announced", ct);
        LeadChanged[] changes = [.. hydrated.Changes.Select(change => traces.Stamped(change, zohoClock.Now))];
        await Task.WhenAll(LeadPages.Of(changes).Select(page => publishPage(page, ct)));
        Traces.Measure(changes, zohoClock.Now);
        await LookAgain.Publish(hydrated.Later, clock.GetUtcNow(), publish, ct);
        if (hydrated.Gap is { } gap && !IsCovered(gap))
            await Publish(gap, ct);
        Report(hydrated);
    }

    // While Zoho does not answer, every batch leaves a gap. So the gateway announces a gap that ends some seconds in the future and also
    // covers the next batches.
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

    /// <summary>Keeps one trace for each lead from its notification to the projector, although many leads are hydrated together, and
    /// measures how long each lead takes until it is published.</summary>
    private sealed class Traces(IReadOnlyList<AnnouncedLead> announced) : IDisposable
    {
        private readonly Dictionary<string, (AnnouncedLead Lead, Activity? Span)> leads = announced.ToDictionary(
            lead => lead.Id,
            lead => (lead, LeadSyncTelemetry.StartInTraceOf(lead.TraceParent, "hydrate lead")));

        /// <summary>The change with its trace. A change that a notification announced also gets the times that measure its delay.</summary>
        public LeadChanged Stamped(LeadChanged change, DateTimeOffset now)
        {
            var (lead, span) = leads[change.Id];
            var traced = change with { TraceParent = span?.Id ?? lead.TraceParent };
            return lead is { Source: Source.Notification, Attempt: 0 }
                ? traced with { ReceivedAt = lead.AnnouncedAt, PublishedAt = now } : traced;
        }

        public static void Measure(IEnumerable<LeadChanged> published, DateTimeOffset now)
        {
            foreach (var change in published)
            {
                if (change.ReceivedAt is not { } received)
                    continue;

                if (change.Content is { } content)
                    ChangeDuration.Record("announced", received - content.ModifiedTime);
                ChangeDuration.Record("hydrated", now - received);
            }
        }

        public void Dispose()
        {
            foreach (var (_, span) in leads.Values)
                span?.Dispose();
        }
    }
}
