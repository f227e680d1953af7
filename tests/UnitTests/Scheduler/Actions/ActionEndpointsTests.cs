using LeadSync.Contracts;
using LeadSync.Scheduler.Actions;
using LeadSync.Scheduler.Planning;
using LeadSync.Scheduler.Status;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadSync.UnitTests.Scheduler.Actions;

public sealed class ActionEndpointsTests
{
    [Fact]
    public void a_release_confirms_how_many_leads_it_may_remove()
    {
        var unasked = ActionEndpoints.Unconfirmed(9000, null).ShouldBeOfType<ContentHttpResult>();
        unasked.StatusCode.ShouldBe(StatusCodes.Status400BadRequest);
        unasked.ResponseContent.ShouldBe(
            "The comparison that is held back would remove 9000 leads: confirm that number with missing=9000.");

        ActionEndpoints.Unconfirmed(9000, 8999).ShouldBeOfType<ContentHttpResult>().StatusCode.ShouldBe(StatusCodes.Status409Conflict);
        ActionEndpoints.Unconfirmed(9000, 9000).ShouldBeNull();
    }

    [Fact]
    public void an_action_that_nobody_carries_out_now_says_why_and_that_it_is_kept()
    {
        ActionEndpoints.Standstill(null).ShouldBeNull();
        ActionEndpoints.Standstill([new Reason(ReasonKind.Parked, Tone.Bad, true, "One item could not be applied.")]).ShouldBeNull();
        ActionEndpoints.Standstill([
            new Reason(ReasonKind.Paused, Tone.Busy, true, "Paused."),
            new Reason(ReasonKind.NoLeader, Tone.Bad, true, "No scheduler leads: nothing is renewed or repaired."),
        ]).ShouldBe("No scheduler leads: nothing is renewed or repaired. It begins when that is mended.");
    }

    public static TheoryData<string, object, string?> Obstacles => new()
    {
        { "nothing", Postponed.CatchUp, null },
        { "nothing", Postponed.FullComparison, null },
        { "paused", Postponed.CatchUp, "The sync is paused: it begins after `resume`." },
        { "first read", Postponed.CatchUp, "The first read of every lead has not ended: it comes first." },
        { "credits", Postponed.CatchUp, "API credits are short: it begins when there are more, the first at 17:00 UTC." },
        { "catch-up", Postponed.CatchUp, "Another catch-up is under way: it begins after that one." },
        { "catch-up", Postponed.FullComparison, null },
        { "comparison", Postponed.FullComparison, "Another bulk read is under way: it begins after that one." },
        {
            "too large", Postponed.CatchUp,
            "Too much was modified for a catch-up: it begins after the bulk read that takes its place."
        },
        {
            "too large, credits", Postponed.CatchUp,
            "Too much was modified for a catch-up: it begins after a bulk read, which waits until there are more API credits, the first at "
                + "17:00 UTC."
        },
    };

    [Theory, MemberData(nameof(Obstacles), DisableDiscoveryEnumeration = true)]
    public void an_action_that_the_plan_does_not_start_now_says_why(string situation, object kind, string? why)
    {
        var sync = situation == "first read" ? new PlannedSync().Subscribe() : PlannedSync.InSync();
        var isShort = situation.EndsWith("credits", StringComparison.Ordinal);
        if (isShort)
            sync.Hear(new CreditsCounted(9_999, 10_000, 1_000, null, new(sync.Now.UtcDateTime.Date.AddHours(17), TimeSpan.Zero), sync.Now));
        if (situation == "paused")
            sync.Hear(new SyncPaused(sync.Now));
        if (situation == "comparison")
            sync.Hear(new FullComparisonRequested(sync.Now)).Tick();
        if (situation is "catch-up" or "too large" or "too large, credits")
            sync.Hear(new CatchUpStarted(Guid.Empty, sync.Now, sync.Now, sync.Now));
        if (situation.StartsWith("too large", StringComparison.Ordinal))
            sync.Hear(new CatchUpTooLarge(Guid.Empty, sync.Now));
        if (situation == "credits")
            sync.Hear(new CatchUpRequested(sync.Now));

        ActionEndpoints.Obstacle(sync.State, sync.Options, (Postponed)kind, sync.Now).ShouldBe(why);
    }
}
