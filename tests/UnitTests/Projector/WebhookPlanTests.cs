using LeadSync.Projector.Feed;

namespace LeadSync.UnitTests.Projector;

public sealed class WebhookPlanTests
{
    [Theory]
    [InlineData(1, 500, 1)]
    [InlineData(2, null, 2)]
    [InlineData(4, 429, 8)]
    [InlineData(5, 400, 16)]
    [InlineData(10_000, 503, 300)]
    public void what_was_not_taken_is_sent_again_after_ever_longer_pauses(int attempts, int? status, int seconds) =>
        WebhookPlan.PauseAfter(attempts, status).ShouldBe(TimeSpan.FromSeconds(seconds));

    [Fact]
    public void what_is_refused_again_and_again_is_put_aside() => WebhookPlan.PauseAfter(6, 400).ShouldBeNull();
}
