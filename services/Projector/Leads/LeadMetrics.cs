using System.Diagnostics.Metrics;
using LeadSync.Contracts;
using LeadSync.ServiceDefaults.Telemetry;

namespace LeadSync.Projector.Leads;

/// <summary>Measures the outcomes of observations, and the time from each change in Zoho until the view shows the change.</summary>
internal sealed class LeadMetrics
{
    private static readonly Counter<long> FoldedCount = LeadSyncTelemetry.Meter.CreateCounter<long>(
        "leadsync.leads.folded", "{lead}", "Observations by source and outcome: applied, unchanged or outdated.");

    private static readonly Counter<long> SkippedEvents = LeadSyncTelemetry.Meter.CreateCounter<long>(
        "leadsync.leads.events.skipped", "{event}", "Events of leads that this version does not know.");

    private readonly TimeProvider clock;
    private long lastModified;

    public LeadMetrics(TimeProvider clock)
    {
        this.clock = clock;
        LeadSyncTelemetry.Meter.CreateObservableGauge("leadsync.last_change.age", () =>
            Volatile.Read(ref lastModified) is var ticks and not 0
                ? [new Measurement<double>((clock.GetUtcNow().UtcDateTime - new DateTime(ticks, DateTimeKind.Utc)).TotalSeconds)]
                : Enumerable.Empty<Measurement<double>>(),
            "s", "Time since the modified time of the latest change that this replica applied.");
    }

    /// <param name="observations">The observations that were folded.</param>
    /// <param name="folded">The outcome of each observation, in the same order.</param>
    public void Count(IReadOnlyList<LeadObservation> observations, IReadOnlyList<Folded> folded)
    {
        var now = clock.GetUtcNow();
        foreach (var ((source, outcome), count) in observations.Zip(folded, (observation, what) => (observation.Source, Outcome(what)))
            .CountBy(entry => entry))
            FoldedCount.Add(count, new("source", Name(source)), new("outcome", outcome));

        foreach (var (observation, what) in observations.Zip(folded))
        {
            if (!what.IsEvent || observation.Content?.ModifiedTime is not { } modified)
                continue;

            if (observation.Source == Source.Notification)
                ChangeDuration.Record("visible", now - modified);
            Applied(modified);
        }
    }

    /// <summary>Counts leads of a bulk page that had never been seen before.</summary>
    public void CountNew(int leads, DateTimeOffset latestModified)
    {
        FoldedCount.Add(leads, new("source", Name(Source.BulkPage)), new("outcome", "applied"));
        Applied(latestModified);
    }

    /// <summary>Counts an event that this version does not know.</summary>
    public static void Skipped(string type) => SkippedEvents.Add(1, new KeyValuePair<string, object?>("type", type));

    private void Applied(DateTimeOffset modified)
    {
        if (modified.UtcTicks > Volatile.Read(ref lastModified))
            Volatile.Write(ref lastModified, modified.UtcTicks);
    }

    private static string Outcome(Folded folded) => folded switch
    {
        { IsEvent: true } => "applied",
        { IsOutdated: true } => "outdated",
        _ => "unchanged",
    };

    private static string Name(Source source) => source switch
    {
        Source.Notification => "notification",
        Source.BulkPage => "bulk_page",
        Source.CatchUp => "catch_up",
        _ => "full_comparison",
    };
}
