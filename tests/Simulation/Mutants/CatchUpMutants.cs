using LeadSync.Contracts;
using LeadSync.Gateway.Zoho.Apis;
using LeadSync.Scheduler.Planning;
using LeadSync.Scheduler.Recording;
using LeadSync.Simulation.Model;

namespace LeadSync.Simulation.Mutants;

internal sealed class NoOverlap : Seams
{
    private static readonly TimeSpan Overlap = TimeSpan.FromMinutes(2);

    public override object Published(object message, DateTimeOffset now) => message is CatchUp catchUp
        ? catchUp with { Since = catchUp.Since + Overlap, DeletedSince = catchUp.DeletedSince + Overlap }
        : message;
}

internal sealed class OneMark : Seams
{
    public override object Published(object message, DateTimeOffset now) =>
        message is CatchUp catchUp ? catchUp with { DeletedSince = catchUp.Since } : message;
}

internal sealed class NoDeletedRecords : Seams
{
    public override IRecordsApi Records(IRecordsApi zoho) => new OtherRecords(zoho) { Deleted = _ => new DeletedPage([], More: false) };
}

internal sealed class FirstPageOnly : Seams
{
    public override IRecordsApi Records(IRecordsApi zoho) => new OtherRecords(zoho) { Modified = page => page with { More = false } };
}

internal sealed class DoneWhenRead : Seams
{
    public override object Published(object message, DateTimeOffset now) => message is CatchUpRead read ? read with { Pages = 0 } : message;
}

internal sealed class GapClosedEarly : Seams
{
    public override ISyncLog Log(World world, ISyncLog log) => new OtherSyncLog(log)
    {
        Facts = facts => facts.Any(fact => fact is CatchUpSent)
            ? [.. facts, .. world.Log.State.Gaps.Open.Where(gap => gap.To is not null).Select(gap => new GapClosed(gap.Id, world.Now))]
            : facts,
    };
}

internal sealed class UntilTheEnd : Seams
{
    public override object Published(object message, DateTimeOffset now) =>
        message is CatchUpRead read ? read with { Until = now } : message;
}

internal sealed class BegunAgain : Seams
{
    public override Envelope Delivered(Envelope envelope) => envelope with { Redelivered = false };
}
