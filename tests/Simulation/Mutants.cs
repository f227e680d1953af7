using LeadSync.Contracts;
using LeadSync.Gateway.Channels;
using LeadSync.Gateway.Zoho;
using LeadSync.Projector.Leads;
using LeadSync.Scheduler.Planning;
using LeadSync.Scheduler.Recording;
using LeadSync.ServiceDefaults.Bus;

namespace LeadSync.Simulation;

/// <summary>A decision that is deliberately wrong. One that the simulation does not find would be one that nothing guards.</summary>
/// <param name="Within">Within how many schedules it has to be found.</param>
internal sealed record Mutant(string Name, Seams Seams, int Within)
{
    public static IReadOnlyList<Mutant> All { get; } =
    [
        // The fold.
        new("equal seconds: the first content stays", new FirstOfASecondStays(), 2_000),
        new("the last arrival wins", new LastArrivalWins(), 500),
        new("tombstones are final", new FinalTombstones(), 1_000),
        new("an absence counts however old it is", new AbsenceAlwaysCounts(), 1_000),
        new("every confirmation is an event", new EverythingIsAnEvent(), 100),
        new("older bulk rows overwrite", new BulkRowsOverwrite(), 500),
        new("bulk rows speak for the moment they are folded", new BulkRowsAreFresh(), 3_000),

        // Notifications.
        new("a notification is answered before it is published", new AnsweredFirst(), 500),
        new("messages are acknowledged before they are handled", new AcknowledgedFirst(), 5_000),
        new("only the first id of a notification is taken", new OnlyFirstId(), 2_000),
        new("earlier tokens are refused at once", new OldTokensRefused(), 2_000),
        new("no gateway for a while is no gap", new UnnoticedGap("No gateway"), 1_000),
        new("one gateway's crash is no gap", new UnnoticedGap("A gateway crashed"), 2_000),
        new("a refusal is no gap", new UnnoticedGap("Notifications were refused"), 2_000),

        // The channel.
        new("renewed from the expiry that was asked for", new AskedExpiry(), 100),

        // Catch-ups.
        new("no overlap", new NoOverlap(), 5_000),
        new("deletions are read from where modifications are", new OneMark(), 5_000),
        new("no deleted records are read", new NoDeletedRecords(), 200),
        new("the first page of a list only", new FirstPageOnly(), 500),
        new("done when it is read rather than projected", new DoneWhenRead(), 2_000),
        new("a gap is closed when the catch-up is asked for", new GapClosedEarly(), 1_000),

        // Bulk reads.
        new("a page that was rejected counts as projected", new RejectedIsProjected(), 3_000),
        new("the next page is not asked for", new NoNextPage(), 500),
        new("a job is looked at only when Zoho calls", new CallbackOnly(), 200),
        new("everything is read up to the last page's job", new UpToLastJob(), 5_000),
        new("a comparison removes without asking Zoho", new RemovedUnasked(), 3_000),
        new("a comparison misses nothing", new NothingMissed(), 500),
    ];

    private sealed class FirstOfASecondStays : Seams
    {
        public override Lead Fold(Lead lead, LeadChanged change, Content? content) =>
            content is not null && content.ModifiedTime == lead.Content?.ModifiedTime
                ? base.Fold(lead, change, content) with { Content = lead.Content }
                : base.Fold(lead, change, content);
    }

    private sealed class LastArrivalWins : Seams
    {
        public override Lead Fold(Lead lead, LeadChanged change, Content? content) =>
            content is null ? base.Fold(lead, change, content) : base.Fold(lead, change, content) with { Content = content };
    }

    private sealed class FinalTombstones : Seams
    {
        public override Lead Fold(Lead lead, LeadChanged change, Content? content) =>
            content is not null && lead.Absence is not null ? lead : base.Fold(lead, change, content);
    }

    private sealed class AbsenceAlwaysCounts : Seams
    {
        public override Lead Fold(Lead lead, LeadChanged change, Content? content) =>
            content is null && lead.LastSeen is { } seen && seen > change.ObservedAt
                ? base.Fold(lead, change with { ObservedAt = seen }, content)
                : base.Fold(lead, change, content);
    }

    private sealed class EverythingIsAnEvent : Seams
    {
        public override bool IsEvent(Lead before, Lead after) => true;
    }

    private sealed class BulkRowsOverwrite : Seams
    {
        public override Lead Fold(Lead lead, LeadChanged change, Content? content) =>
            content is not null && change.Source == Source.BulkPage
                ? base.Fold(lead, change, content) with { Content = content }
                : base.Fold(lead, change, content);
    }

    private sealed class BulkRowsAreFresh : Seams
    {
        public override LeadChanged Row(LeadChanged row, DateTimeOffset now) => row with { ObservedAt = now };
    }

    private sealed class AnsweredFirst : Seams
    {
        public override Publish Publishing(World world, Publish publish) => (message, ct) =>
        {
            var published = publish(message, ct);
            return message is LeadsAnnounced { Source: Source.Notification } ? Task.CompletedTask : published;
        };
    }

    private sealed class AcknowledgedFirst : Seams
    {
        public override bool AcknowledgesFirst => true;
    }

    private sealed class OnlyFirstId : Seams
    {
        public override object Published(object message, DateTimeOffset now) =>
            message is LeadsAnnounced { Source: Source.Notification } announced ? announced with { Ids = [.. announced.Ids.Take(1)] } : message;
    }

    private sealed class OldTokensRefused : Seams
    {
        public override IChannelStore Channel(IChannelStore store) => new OtherChannelStore(store) { Overlap = _ => TimeSpan.Zero };
    }

    private sealed class UnnoticedGap(string cause) : Seams
    {
        public override object? Published(object message, DateTimeOffset now) =>
            message is GapDetected gap && gap.Cause.StartsWith(cause, StringComparison.Ordinal) ? null : message;
    }

    private sealed class AskedExpiry : Seams
    {
        public override IWatchApi Watch(IWatchApi zoho) => new OtherWatch(zoho) { Granted = (request, _) => request.Expiry };
    }

    private sealed class NoOverlap : Seams
    {
        private static readonly TimeSpan Overlap = TimeSpan.FromMinutes(2);

        public override object Published(object message, DateTimeOffset now) => message is CatchUp catchUp
            ? catchUp with { Since = catchUp.Since + Overlap, DeletedSince = catchUp.DeletedSince + Overlap }
            : message;
    }

    private sealed class OneMark : Seams
    {
        public override object Published(object message, DateTimeOffset now) =>
            message is CatchUp catchUp ? catchUp with { DeletedSince = catchUp.Since } : message;
    }

    private sealed class NoDeletedRecords : Seams
    {
        public override IRecordsApi Records(IRecordsApi zoho) => new OtherRecords(zoho) { Deleted = _ => new DeletedPage([], More: false) };
    }

    private sealed class FirstPageOnly : Seams
    {
        public override IRecordsApi Records(IRecordsApi zoho) => new OtherRecords(zoho) { Modified = page => page with { More = false } };
    }

    private sealed class DoneWhenRead : Seams
    {
        public override object Published(object message, DateTimeOffset now) => message is CatchUpRead read ? read with { Pages = 0 } : message;
    }

    private sealed class GapClosedEarly : Seams
    {
        public override ISyncLog Log(World world, ISyncLog log) => new OtherSyncLog(log)
        {
            Facts = facts => facts.Any(fact => fact is CatchUpSent)
                ? [.. facts, .. world.Log.State.Gaps.Open.Where(gap => gap.To is not null).Select(gap => new GapClosed(gap.Id, world.Now))]
                : facts,
        };
    }

    private sealed class RejectedIsProjected : Seams
    {
        public override object Published(object message, DateTimeOffset now) =>
            message is BulkPageRejected page ? new BulkPageProjected(page.RunId, page.Page, page.JobId, 0, 0, 0) : message;
    }

    private sealed class NoNextPage : Seams
    {
        public override object Published(object message, DateTimeOffset now) => message is BulkPageReady page ? page with { MoreRecords = false } : message;
    }

    private sealed class CallbackOnly : Seams
    {
        public override Publish Publishing(World world, Publish publish) => (message, ct) =>
            message is CheckBulkJob check && !IsCalledBack(world.Log.State, check.JobId) ? Task.CompletedTask : publish(message, ct);

        private static bool IsCalledBack(SyncState state, string job) =>
            state.Run?.Pages.Values.Any(page => page.Jobs.TryGetValue(job, out var known) && (known.CalledBack || known.Result is not null)) == true;
    }

    private sealed class UpToLastJob : Seams
    {
        public override SyncState Apply(SyncState state, object @event)
        {
            var after = base.Apply(state, @event);
            var last = state.Run?.KnownPages.Max(page => page.Job?.CreatedTime);
            return state.Run is not null && after.Run is null && last > after.ModifiedThrough ? after with { ModifiedThrough = last } : after;
        }
    }

    private sealed class RemovedUnasked : Seams
    {
        public override object Published(object message, DateTimeOffset now) =>
            message is LeadsAnnounced { Source: Source.FullComparison, Attempt: 0 } missing
                ? new LeadsChanged([new LeadChanged(missing.Ids[0], Source.FullComparison, now, null)])
                : message;
    }

    private sealed class NothingMissed : Seams
    {
        public override object? Published(object message, DateTimeOffset now) => message is LeadsAnnounced { Source: Source.FullComparison } ? null : message;
    }
}
