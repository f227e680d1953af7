using LeadSync.Projector.Feed;

namespace LeadSync.UnitTests.Projector.Feed;

public sealed class WebhookPlanTests
{
    [Theory]
    [InlineData(1, 500, 1)]
    [InlineData(2, null, 2)]
    [InlineData(4, 429, 8)]
    [InlineData(5, 400, 16)]
    [InlineData(10_000, 503, 300)]
    public void a_failed_batch_is_sent_again_after_growing_pauses(int attempts, int? status, int seconds) =>
        WebhookPlan.PauseAfter(attempts, status).ShouldBe(TimeSpan.FromSeconds(seconds));

    [Fact]
    public void a_batch_that_is_refused_repeatedly_is_put_aside() => WebhookPlan.PauseAfter(6, 400).ShouldBeNull();
}
