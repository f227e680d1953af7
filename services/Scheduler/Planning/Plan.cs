using System.Collections.Immutable;

namespace LeadSync.Scheduler.Planning;

/// <summary>What shall happen next. Pure: the same state and the same moment give the same step; nothing here waits.</summary>
/// <remarks>
/// A step is taken in this order. First its decisions are recorded, against the version of the state that they were made from: of two
/// leaders only one can decide, and an id is on record before anybody else hears of it. Then the commands are sent. Last it is recorded
/// that they were. A crash in between is harmless: a command that was sent but not recorded is sent again, which its receiver bears;
/// one that was recorded but got lost is sent again when its answer stays out.
/// </remarks>
internal static class Plan
{
    public static Step Next(SyncState state, SchedulerOptions options, DateTimeOffset now)
    {
        var decisions = ImmutableList.CreateBuilder<object>();
        Record(ChannelPlan.Decide(state, now));
        Record(GapPlan.Decide(state, now));
        Record(BulkReadPlan.Decide(state, options, now));
        Record(CatchUpPlan.Decide(state, options, now));

        return new Step(decisions.ToImmutable(),
        [
            .. ChannelPlan.Commands(state, options, now),
            .. BulkReadPlan.Commands(state, now),
            .. CatchUpPlan.Commands(state, now),
            .. ComparisonPlan.Commands(state, options, now),
            .. RebuildPlan.Commands(state, now),
        ]);

        void Record(IEnumerable<object> events)
        {
            foreach (var @event in events.ToList())
            {
                decisions.Add(@event);
                state = SyncState.Apply(state, @event);
            }
        }
    }
}

/// <param name="Decisions">Events to be recorded before the commands are sent.</param>
internal sealed record Step(ImmutableList<object> Decisions, ImmutableList<Dispatch> Commands);

/// <summary>A command for the gateway or the projector.</summary>
/// <param name="Sent">The event that records that it was sent.</param>
internal sealed record Dispatch(object Command, object Sent);
