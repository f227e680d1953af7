using System.Diagnostics.Metrics;
using LeadSync.Scheduler.Parking;
using LeadSync.Scheduler.Planning;
using LeadSync.ServiceDefaults.Telemetry;

namespace LeadSync.Scheduler.Status;

/// <summary>What the leader shows of the sync: the row for the view's readers, and gauges for the operator.</summary>
internal sealed class SyncStatus
{
    private readonly SyncStatusTable table;
    private static readonly TimeSpan CountInterval = TimeSpan.FromSeconds(10);

    private readonly TimeProvider clock;
    private readonly Parked parked;
    private readonly HashSet<string> causes = [];
    private SyncState? shown;
    private IReadOnlyDictionary<string, long> parkedByService = new Dictionary<string, long>();
    private DateTimeOffset countedAt;

    public SyncStatus(SyncStatusTable table, Parked parked, TimeProvider clock)
    {
        this.table = table;
        this.parked = parked;
        this.clock = clock;
        Gauge("leadsync.channel.time_left", "s", "Until the notification channel expires.",
            state => state.Channel.Id is null ? null : (state.Channel.ExpiresAt - clock.GetUtcNow()).TotalSeconds);
        GapGauge("leadsync.gaps.open", "{gap}", "Stretches of time in which changes may have been missed, by cause.",
            gaps => gaps.Count());
        GapGauge("leadsync.gap", "s", "How long the stretches of Zoho's time are that open gaps cover, by cause.",
            gaps => gaps.Sum(gap => ((gap.To ?? clock.GetUtcNow()) - gap.From).TotalSeconds));
        LeadSyncTelemetry.Meter.CreateObservableGauge(
            "leadsync.comparison.held_back", () => shown?.HeldComparison?.Missing ?? 0, "{lead}",
            "Leads that a full comparison would remove, were it not held back.");
        LeadSyncTelemetry.Meter.CreateObservableGauge(
            "leadsync.parked", () => parkedByService.Select(count => new Measurement<long>(
                shown is null ? 0 : count.Value, new KeyValuePair<string, object?>("parked_by", count.Key))),
            "{item}", "What could not be processed and waits for an operator, by service.");
        LeadSyncTelemetry.Meter.CreateObservableGauge(
            "leadsync.rebuild.running", () => shown?.Rebuild is { IsRunning: true } ? 1 : 0, "{rebuild}", "One while the view is being rebuilt.");
        LeadSyncTelemetry.Meter.CreateObservableGauge(
            "leadsync.rebuild.leads", () => shown?.Rebuild is { IsRunning: true } rebuild ? rebuild.Progress?.RowsDone ?? 0 : 0, "{lead}",
            "Leads that the rebuild under way has folded.");
        LeadSyncTelemetry.Meter.CreateObservableGauge(
            "leadsync.rebuild.differences", () => shown?.Rebuild?.Result?.Differences ?? 0, "{lead}",
            "Leads in which the last rebuild differs from the view before it.");
        Gauge("leadsync.credits.left", "{credit}", "API credits that are left of the budget.", state => CreditPlan.Left(state.Credits));
        Gauge("leadsync.last_good_sync.age", "s", "Since the moment up to which everything is applied.",
            state => (clock.GetUtcNow() - state.LastGoodSync)?.TotalSeconds);
        LeadSyncTelemetry.Meter.CreateObservableGauge(
            "leadsync.leader", () => shown is null ? 0 : 1, "{replica}", "One, from the replica that leads.");
    }

    public async Task ShowAsync(SyncState state, CancellationToken cancellation)
    {
        shown = state;
        await table.WriteAsync(state, clock.GetUtcNow(), cancellation);
        if (clock.GetUtcNow() - countedAt < CountInterval)
            return;

        parkedByService = await parked.Count(cancellation);
        countedAt = clock.GetUtcNow();
    }

    public void Hide()
    {
        shown = null;
        table.Forget();
    }

    // What is measured no more is exported on and on as it was last: a cause that has passed is zero.
    private void GapGauge(string name, string unit, string description, Func<IEnumerable<Gap>, double> value) =>
        LeadSyncTelemetry.Meter.CreateObservableGauge(name, () => Measure(value), unit, description);

    private IEnumerable<Measurement<double>> Measure(Func<IEnumerable<Gap>, double> value)
    {
        // The causes are few; what follows a colon is Zoho's answer.
        var open = (shown?.Gaps.Open ?? []).ToLookup(gap => gap.Cause.Split(':')[0].TrimEnd('.'));
        lock (causes)
        {
            causes.UnionWith(open.Select(gaps => gaps.Key));
            return [new(value([])), .. causes.Select(cause => new Measurement<double>(value(open[cause]), new KeyValuePair<string, object?>("cause", cause)))];
        }
    }

    private void Gauge(string name, string unit, string description, Func<SyncState, double?> value) =>
        LeadSyncTelemetry.Meter.CreateObservableGauge(name,
            () => shown is { } state && value(state) is { } number ? [new(number)] : Enumerable.Empty<Measurement<double>>(),
            unit, description);
}
