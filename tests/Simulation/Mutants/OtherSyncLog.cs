using LeadSync.Scheduler.Recording;

namespace LeadSync.Simulation.Mutants;

/// <summary>Where a scheduler would record that records something else.</summary>
internal sealed class OtherSyncLog(ISyncLog log) : ISyncLog
{
    public required Func<IReadOnlyCollection<object>, IReadOnlyCollection<object>> Facts { get; init; }

    public Task<bool> TryRecord(IReadOnlyCollection<object> decisions, long madeFrom, CancellationToken cancellation) =>
        log.TryRecord(decisions, madeFrom, cancellation);

    public Task Record(IReadOnlyCollection<object> facts, CancellationToken cancellation) =>
        log.Record(Facts(facts), cancellation);
}
