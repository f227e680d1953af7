using System.Diagnostics.Metrics;
using System.Text.Json;
using LeadSync.Contracts;
using LeadSync.Scheduler.Planning;
using LeadSync.ServiceDefaults.Telemetry;

namespace LeadSync.Scheduler.Status;

/// <summary>Exports the verdict and its reasons as gauges. Every replica exports the verdict, the reasons and the age of the last tick,
/// because nobody leads while the broker or the database is down. Only the leader exports the others.</summary>
internal sealed class StatusGauges
{
    private readonly TimeProvider clock;
    private readonly HashSet<GapKind> kinds = [];
    private volatile StatusReport? report;
    private volatile bool isBlind;

    public StatusGauges(TimeProvider clock)
    {
        this.clock = clock;
        Gauge("leadsync.in_sync", "{view}", "One when the view shows what Zoho holds.",
            seen => seen.InSync && !isBlind ? 1 : 0, everywhere: true);
        Gauge("leadsync.tick.age", "s", "Time since the leading scheduler last took a step.",
            seen => isBlind ? null : Age(seen.LastTickAt), everywhere: true);
        LeadSyncTelemetry.Meter.CreateObservableGauge(
            "leadsync.reason", Reasons, "{reason}", "One for each reason why the sync is not well.");
        Gauge("leadsync.channel.time_left", "s", "Time until the notification channel expires.", seen => -Age(seen.Channel.ExpiresAt));
        Gauge("leadsync.channel.silent", "{channel}", "One while leads are modified and no notification arrives.", seen =>
            seen.Channel.IsSilent ? 1 : 0);
        GapGauge("leadsync.gaps.open", "{gap}", "Open gaps, in which changes may have been missed, by cause.", gaps => gaps.Count());
        GapGauge("leadsync.gap", "s", "The total length of the open gaps, by cause.",
            gaps => gaps.Sum(gap => ((gap.To ?? clock.GetUtcNow()) - gap.From).TotalSeconds));
        Gauge("leadsync.comparison.held_back", "{lead}", "Leads that a full comparison would remove, were it not held back.",
            seen => seen.FullComparison.HeldBack?.Missing ?? 0);
        LeadSyncTelemetry.Meter.CreateObservableGauge("leadsync.parked", () => Leading is { } seen
            ? seen.Parked.Select(count => new Measurement<long>(count.Value, new KeyValuePair<string, object?>("parked_by", count.Key)))
            : [], "{item}", "Parked items that wait for an operator, by service.");
        Gauge("leadsync.rebuild.running", "{rebuild}", "One while the view is being rebuilt.", seen => seen.Rebuild is { IsRunning: true }
            ? 1 : 0);
        Gauge("leadsync.rebuild.leads", "{lead}", "Leads that the rebuild under way has folded.", seen =>
            seen.Rebuild is { IsRunning: true } rebuild ? rebuild.RowsDone : 0);
        Gauge("leadsync.rebuild.differences", "{lead}", "Leads in which the last rebuild differs from the view before it.", seen =>
            seen.Rebuild?.Differences ?? 0);
        Gauge("leadsync.rebuild.failed", "{rebuild}", "One when the last rebuild failed.", seen => seen.Rebuild?.Trouble is null ? 0 : 1);
        Gauge("leadsync.credits.left", "{credit}", "API credits that LeadSync may still spend.", seen => seen.Credits.Left);
        Gauge("leadsync.last_good_sync.age", "s", "Time since the moment up to which every change is in the view.",
            seen => Age(seen.LastGoodSync));
        Gauge("leadsync.first_read.age", "s", "Time since the sync began; zero once the first read has ended.",
            seen => seen.FullComparison.LastRead is null ? Age(seen.FirstLedAt) : 0);
        Gauge("leadsync.paused", "{sync}", "One while the sync is paused.", seen => seen.Paused ? 1 : 0);
        Gauge("leadsync.catch_up.failures", "{catch_up}", "How many catch-ups in a row have failed.", seen => seen.CatchUp.Failures);
        Gauge("leadsync.catch_up.interval", "s", "The configured time from one catch-up to the next.", seen =>
            seen.CatchUp.Interval.TotalSeconds);
        Gauge("leadsync.changes.waiting", "{message}", "Messages with changes that are not in the view yet.", seen => seen.Waiting?.Count);
        Gauge("leadsync.changes.waiting_age", "s", "Age of the oldest announced change that is not in the view yet.",
            seen => seen.Waiting is { } waiting ? Age(waiting.Oldest) ?? 0 : null);
        Gauge("leadsync.leader", "{replica}", "One, from the replica that leads.", _ => 1);
    }

    /// <summary>When this process last took a step of the plan; null while it does not lead.</summary>
    public DateTimeOffset? TickedAt { get; private set; }

    /// <summary>When this process last took a step of the plan; null when it never led.</summary>
    public DateTimeOffset? LedUntil { get; private set; }

    /// <summary>Since when this process cannot write the database, and why; null while it can, or does not have to.</summary>
    public Outage? Unwritable { get; set; }

    private StatusReport? Leading => TickedAt is null || isBlind ? null : report;

    public void Show(StatusReport seen) => (report, isBlind) = (seen, false);

    /// <summary>Ends the export of the last values, because the status can no longer be read.</summary>
    public void ShowBlindness() => isBlind = true;

    /// <summary>Notes that this process leads, and has taken a step.</summary>
    public void Ticked() => LedUntil = TickedAt = clock.GetUtcNow();

    /// <summary>Notes that this process no longer leads.</summary>
    public void Hide() => TickedAt = null;

    private double? Age(DateTimeOffset? since) => (clock.GetUtcNow() - since)?.TotalSeconds;

    private IEnumerable<Measurement<int>> Reasons()
    {
        var given = isBlind ? [ReasonKind.CannotSee] : (report?.Reasons ?? []).Select(reason => reason.Kind).ToHashSet();
        return Enum.GetValues<ReasonKind>().Select(kind => new Measurement<int>(
            given.Contains(kind) ? 1 : 0, new KeyValuePair<string,
                object?>("reason", JsonNamingPolicy.SnakeCaseLower.ConvertName($"{kind}"))));
    }

    private void GapGauge(string name, string unit, string description, Func<IEnumerable<Gap>, double> value) =>
        LeadSyncTelemetry.Meter.CreateObservableGauge(name, () => Measure(value), unit, description);

    private IEnumerable<Measurement<double>> Measure(Func<IEnumerable<Gap>, double> value)
    {
        if (Leading is not { } seen)
            return [];

        // A collector keeps the last value of a series that is no longer exported. So the gauge
        // exports zero for every cause that has no open gap any more.
        var open = seen.Gaps.Open.ToLookup(gap => gap.Kind);
        lock (kinds)
        {
            kinds.UnionWith(open.Select(gaps => gaps.Key));
            return
            [
                new(value([])),
                .. kinds.Select(kind => new Measurement<double>(
                    value(open[kind]), new KeyValuePair<string, object?>("cause", JsonNamingPolicy.SnakeCaseLower.ConvertName($"{kind}")))),
            ];
        }
    }

    private void Gauge(string name, string unit, string description, Func<StatusReport, double?> value, bool everywhere = false) =>
        LeadSyncTelemetry.Meter.CreateObservableGauge(name,
            () => (everywhere ? report : Leading) is { } seen && value(seen) is { } number ? [new(number)]
                : Enumerable.Empty<Measurement<double>>(),
            unit, description);
}
