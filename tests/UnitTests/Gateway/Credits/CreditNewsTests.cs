using LeadSync.Contracts;
using LeadSync.Gateway.Credits;

namespace LeadSync.UnitTests.Gateway.Credits;

public sealed class CreditNewsTests
{
    private static readonly CreditsCounted Told = new(4_000, 10_000, 1_000, null, FakeZoho.Start.AddHours(20), FakeZoho.Start);

    [Fact]
    public void the_first_count_is_published() => CreditNews.IsWorthPublishing(null, Told).ShouldBeTrue();

    [Theory]
    [InlineData(4_199, null, 0, false)]
    [InlineData(4_200, null, 0, true)]
    [InlineData(3_800, null, 0, true)]
    [InlineData(4_001, null, 59, false)]
    [InlineData(4_001, null, 60, true)]
    [InlineData(4_000, null, 60, false)]
    [InlineData(4_001, 1_000, 0, true)]
    public void a_larger_count_is_published_and_at_once_when_it_reaches_the_reserve(int used, int? remaining, int minutes, bool told) =>
        CreditNews.IsWorthPublishing(Told, Told with { Used = used, Remaining = remaining, CountedAt = FakeZoho.Start.AddMinutes(minutes) })
            .ShouldBe(told);

    [Fact]
    public void a_budget_that_is_used_up_is_seen_before_it_is_recorded()
    {
        var count = new CreditCount(FakeZoho.Options);
        count.Answered(50, left: null, isSuccess: true, FakeZoho.Start);
        count.Recorded(9_949);
        count.IsUsedUp.ShouldBeFalse();
        count.Answered(1, left: 7, isSuccess: true, FakeZoho.Start);
        (count.IsUsedUp, count.Said!.Remaining, count.Take(), count.Take()).ShouldBe((true, 7, 51, 0));
    }
}
