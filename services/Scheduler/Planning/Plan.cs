using System.Collections.Immutable;

namespace LeadSync.Scheduler.Planning;

/// <summary>Decides what happens next. Pure: the same state and the same moment give the same step, and nothing here waits.</summary>
/// <remarks>
/// A step has this order. First the leader records its decisions, against the version of the state that they were made from: of two leaders
/// only one can decide, and an id is on record before any other service hears of it. Then the leader sends the commands. Last it records
/// that it sent them. A crash in between is harmless. A command that was sent but not recorded is sent again, and its receiver tolerates
/// that. A command that was recorded but lost is sent again when its answer does not come.
/// </remarks>
internal static class Plan
{
    public static Step Next(SyncState state, SchedulerOptions options, DateTimeOffset now)
    {
        var decisions = ImmutableList.CreateBuilder<Decision>();
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

        void Record(IEnumerable<Decision> decided)
        {
            foreach (var decision in decided.ToList())
            {
                decisions.Add(decision);
                state = SyncState.Apply(state, decision.Event);
            }
        }
    }
}
