using LeadSync.Scheduler.Actions;
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
}
