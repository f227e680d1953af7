using LeadSync.Scheduler.Orders;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadSync.UnitTests.Scheduler;

public sealed class OrderEndpointsTests
{
    [Fact]
    public void a_release_confirms_how_many_leads_it_may_remove()
    {
        var unasked = OrderEndpoints.Unconfirmed(9000, null).ShouldBeOfType<ContentHttpResult>();
        unasked.StatusCode.ShouldBe(StatusCodes.Status400BadRequest);
        unasked.ResponseContent.ShouldBe(
            "The comparison that is held back would remove 9000 leads: confirm that number with missing=9000.");

        OrderEndpoints.Unconfirmed(9000, 8999).ShouldBeOfType<ContentHttpResult>().StatusCode.ShouldBe(StatusCodes.Status409Conflict);
        OrderEndpoints.Unconfirmed(9000, 9000).ShouldBeNull();
    }
}
