using System.Collections.Immutable;
using LeadSync.Contracts;

namespace LeadSync.Scheduler.Planning;

/// <param name="Decisions">The events that the scheduler records before it sends the commands.</param>
internal sealed record Step(ImmutableList<Decision> Decisions, ImmutableList<Dispatch> Commands)
{
    public IReadOnlyCollection<object> Events => [.. Decisions.Select(decision => decision.Event)];
}

/// <summary>An event that the plan decides to record. The conversions list all of them; an event of another type does not
/// compile.</summary>
/// <remarks>The events have no common base type: some are messages, and MassTransit writes a message's base types into its
/// envelope.</remarks>
internal sealed class Decision
{
    private Decision(object @event) => Event = @event;

    public object Event { get; }

    public static implicit operator Decision(ChannelExpired expired) => new(expired);

    public static implicit operator Decision(GapClosed closed) => new(closed);

    public static implicit operator Decision(BulkRunStarted started) => new(started);

    public static implicit operator Decision(BulkJobFailed failed) => new(failed);

    public static implicit operator Decision(CatchUpStarted started) => new(started);

    public static implicit operator Decision(CatchUpAdvanced advanced) => new(advanced);

    public static implicit operator Decision(CatchUpFailed failed) => new(failed);
}

/// <summary>A command for the gateway or the projector, and the event that records that it was sent. The conversions list all pairs; a
/// command with the event of another command does not compile.</summary>
internal sealed class Dispatch
{
    private Dispatch(object command, object sent) => (Command, Sent) = (command, sent);

    public object Command { get; }

    public object Sent { get; }

    public static implicit operator Dispatch((RenewChannel, RenewChannelSent) pair) => new(pair.Item1, pair.Item2);

    public static implicit operator Dispatch((CheckChannel, CheckChannelSent) pair) => new(pair.Item1, pair.Item2);

    public static implicit operator Dispatch((StartBulkRead, StartBulkReadSent) pair) => new(pair.Item1, pair.Item2);

    public static implicit operator Dispatch((CheckBulkJob, CheckBulkJobSent) pair) => new(pair.Item1, pair.Item2);

    public static implicit operator Dispatch((CatchUp, CatchUpSent) pair) => new(pair.Item1, pair.Item2);

    public static implicit operator Dispatch((CompareLeads, CompareLeadsSent) pair) => new(pair.Item1, pair.Item2);

    public static implicit operator Dispatch((AnnounceMissing, CompareLeadsSent) pair) => new(pair.Item1, pair.Item2);

    public static implicit operator Dispatch((RebuildView, RebuildViewSent) pair) => new(pair.Item1, pair.Item2);
}
