using LeadSync.Contracts;
using LeadSync.Scheduler.Planning;
using LeadSync.ServiceDefaults.Bus;

namespace LeadSync.Simulation.Mutants;

internal sealed class RejectedIsProjected : Seams
{
    public override object Published(object message, DateTimeOffset now) =>
        message is BulkPageRejected page ? new BulkPageProjected(page.RunId, page.Page, page.JobId, 0, 0, 0) : message;
}

internal sealed class NoNextPage : Seams
{
    public override object Published(object message, DateTimeOffset now) =>
        message is BulkPageReady page ? page with { MoreRecords = false } : message;
}

internal sealed class CallbackOnly : Seams
{
    public override Publish Publishing(World world, Publish publish) => (message, ct) =>
        message is CheckBulkJob check && !IsCalledBack(world.Log.State, check.JobId) ? Task.CompletedTask : publish(message, ct);

    private static bool IsCalledBack(SyncState state, string job) =>
        state.Run?.Pages.Values.Any(page =>
            page.Jobs.TryGetValue(job, out var known) && (known.CalledBack || known.Result is not null)) == true;
}

internal sealed class UpToLastJob : Seams
{
    public override SyncState Apply(SyncState state, object @event)
    {
        var after = base.Apply(state, @event);
        var last = state.Run?.KnownPages.Max(page => page.Job?.CreatedTime);
        return state.Run is not null && after.Run is null && last > after.ModifiedThrough ? after with { ModifiedThrough = last } : after;
    }
}

internal sealed class RemovedUnasked : Seams
{
    public override object Published(object message, DateTimeOffset now) =>
        message is LeadsAnnounced { Source: Source.FullComparison, Attempt: 0 } missing
            ? new LeadsChanged([new LeadChanged(missing.Ids[0], Source.FullComparison, now, null)])
            : message;
}

internal sealed class NothingMissed : Seams
{
    public override object? Published(object message, DateTimeOffset now) =>
        message is LeadsAnnounced { Source: Source.FullComparison } ? null : message;
}

internal sealed class ForgottenSightings : Seams
{
    public override bool RemembersSightings => false;
}
