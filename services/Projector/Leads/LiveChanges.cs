using System.Diagnostics;
using LeadSync.Contracts;
using LeadSync.ServiceDefaults.Bus;
using LeadSync.ServiceDefaults.Telemetry;

namespace LeadSync.Projector.Leads;

/// <summary>
/// Folds leads that the gateway read one by one. Leads that arrive while others are folded form the next batch. Each lead stays part of the
/// trace of its announcement. Leads that were read again have a lane of their own, so that no live change waits behind them.
/// </summary>
internal sealed class LiveChanges : IDisposable
{
    // A message holds the leads that the gateway hydrated together: four or five at 500 changes a second, 200 at most.
    public const int MessagesPerBatch = 10;

    // While one batch waits for the disk at its commit, the other one is folded: docs/benchmarks.md has the figures.
    public const int ConcurrentBatches = 2;

    private readonly ILeadProjection projection;
    private readonly ChangeLatency latency;
    private readonly TimeProvider clock;
    private readonly Batcher<Received> live;
    private readonly Batcher<Received> reread;

    public LiveChanges(ILeadProjection projection, ChangeLatency latency, TimeProvider clock)
    {
        (this.projection, this.latency, this.clock) = (projection, latency, clock);
        live = new(MessagesPerBatch, ConcurrentBatches, minInterval: TimeSpan.Zero, clock, batch => Fold(batch, "live change"));
        // A live change of a lead waits for the transaction that folds the lead, so these transactions stay small.
        reread = new(
            maxBatchSize: 1, maxConcurrentBatches: 1, minInterval: TimeSpan.Zero, clock, batch => Fold(batch, "lead that was read again"));
    }

    /// <summary>Folds the live changes of one message together with those of other messages.</summary>
    /// <param name="sentAt">When the message was sent, by the sender's clock; null when the message does not say.</param>
    public async Task Fold(IReadOnlyCollection<LeadChanged> leads, DateTimeOffset? sentAt, CancellationToken ct)
    {
        await Fold(live, leads, ct);
        if (sentAt is not { } sent)
            return;

        var took = clock.GetUtcNow() - sent;
        foreach (var _ in leads)
            ChangeDuration.Record("folded", took);
    }

    /// <summary>Folds leads that were read again although Zoho announced no change of them.</summary>
    public Task FoldReread(IReadOnlyCollection<LeadChanged> leads, CancellationToken ct) => Fold(reread, leads, ct);

    public void Dispose()
    {
        live.Dispose();
        reread.Dispose();
    }

    private static async Task Fold(Batcher<Received> lane, IReadOnlyCollection<LeadChanged> leads, CancellationToken ct)
    {
        Traced[] traced = [.. leads.Select(lead => new Traced(lead, LeadSyncTelemetry.StartInTraceOf(lead.TraceParent, "fold lead")))];
        try
        {
            await lane.AddOrHandleAlone(new(traced, ct));
        }
        finally
        {
            foreach (var (_, span) in traced)
                span?.Dispose();
        }
    }

    private async Task Fold(IReadOnlyList<Received> gathered, string origin)
    {
        Traced[] leads = [.. gathered.SelectMany(message => message.Leads)];
        // One span covers the whole batch. So the batch is folded in the trace of the first lead, and the other spans link to that trace.
        Activity.Current = leads[0].Span;
        foreach (var (_, span) in leads.Skip(1))
            span?.AddLink(new ActivityLink(leads[0].Span?.Context ?? default));
        var outcome = await projection.Project(
            [.. leads.Select(lead => (lead.Change, lead.Span?.Context ?? default))], origin, gathered[0].Ct);
        latency.Note([.. leads.Select(lead => lead.Change).Applied(outcome)]);
    }

    /// <summary>The leads of one message.</summary>
    private readonly record struct Received(IReadOnlyList<Traced> Leads, CancellationToken Ct);

    private readonly record struct Traced(LeadChanged Change, Activity? Span);
}
