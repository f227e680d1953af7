using LeadSync.Contracts;
using LeadSync.Gateway.Records;
using static LeadSync.UnitTests.Gateway.FakeZoho;

namespace LeadSync.UnitTests.Gateway.Records;

public sealed class LeadPagesTests
{
    [Fact]
    public void pages_stay_below_the_brokers_limit() => Sizes(count: 5, characters: 400_000).ShouldBe([2, 2, 1]);

    [Fact]
    public void a_lead_that_fills_a_page_has_one_of_its_own() => Sizes(count: 2, characters: 2_000_000).ShouldBe([1, 1]);

    [Fact]
    public void a_page_holds_no_more_than_200_leads() => Sizes(count: 401, characters: 10).ShouldBe([200, 200, 1]);

    [Fact]
    public void no_page_is_empty() => Sizes(count: 0, characters: 0).ShouldBeEmpty();

    private static IEnumerable<int> Sizes(int count, int characters)
    {
        var content = new LeadContent(Start, "set", new Dictionary<string, string?> { ["Description"] = new('x', characters) });
        return LeadPages.Of(Enumerable.Range(1, count).Select(number => new LeadChanged($"{number}", Source.Notification, Start, content)))
            .Select(page => page.Count);
    }
}
