using LeadSync.Scheduler.Recording;

namespace LeadSync.Simulation.Mutants;

/// <summary>A log that records other events than the scheduler's.</summary>
internal sealed class OtherSyncLog(ISyncLog log) : ISyncLog
{
    public required Func<IReadOnlyCollection<object>, IReadOnlyCollection<object>> Facts { get; init; }

    public Task<bool> TryRecord(IReadOnlyCollection<object> decisions, long madeFrom, CancellationToken cancellation) =>
        log.TryRecord(decisions, madeFrom, cancellation);

    public Task Record(IReadOnlyCollection<object> facts, CancellationToken cancellation) =>
        log.Record(Facts(facts), cancellation);
}
