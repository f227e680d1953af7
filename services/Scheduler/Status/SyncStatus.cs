using System.Diagnostics.Metrics;
using LeadSync.Scheduler.Planning;
using LeadSync.ServiceDefaults.Telemetry;

namespace LeadSync.Scheduler.Status;

/// <summary>What the leader shows of the sync: the row for the view's readers, and gauges for the operator.</summary>
internal sealed class SyncStatus
{
    private readonly SyncStatusTable table;
    private readonly TimeProvider clock;
    private SyncState? shown;

    public SyncStatus(SyncStatusTable table, TimeProvider clock)
    {
        this.table = table;
        this.clock = clock;
        Gauge("leadsync.channel.time_left", "s", "Until the notification channel expires.",
            state => state.Channel.Id is null ? null : (state.Channel.ExpiresAt - clock.GetUtcNow()).TotalSeconds);
        Gauge("leadsync.gaps.open", "{gap}", "Stretches of time in which changes may have been missed.",
            state => state.Gaps.Open.Count());
        Gauge("leadsync.comparison.held_back", "{lead}", "Leads that a full comparison would remove, were it not held back.",
            state => state.HeldComparison?.Missing ?? 0);
        Gauge("leadsync.last_good_sync.age", "s", "Since the moment up to which everything is applied.",
            state => (clock.GetUtcNow() - state.LastGoodSync)?.TotalSeconds);
        Gauge("leadsync.leader", "{replica}", "One, from the replica that leads.", _ => 1);
    }

    public async Task ShowAsync(SyncState state, CancellationToken cancellation)
    {
        shown = state;
        await table.WriteAsync(state, clock.GetUtcNow(), cancellation);
    }

    public void Hide()
    {
        shown = null;
        table.Forget();
    }

    private void Gauge(string name, string unit, string description, Func<SyncState, double?> value) =>
        LeadSyncTelemetry.Meter.CreateObservableGauge(name,
            () => shown is { } state && value(state) is { } number ? [new(number)] : Enumerable.Empty<Measurement<double>>(),
            unit, description);
}
