using LeadSync.ZohoSimulator.Leads;

namespace LeadSync.ZohoSimulator.Tests;

public sealed class LeadIdsTests
{
    [Fact]
    public void ids_have_19_digits_ascend_and_tell_their_slot()
    {
        var ids = Enumerable.Range(0, 10_000).Select(LeadIds.Of).ToList();
        ids.ShouldAllBe(id => $"{id}".Length == 19);
        ids.ShouldBe(ids.Order());
        ids.Select(LeadIds.SlotOf).ShouldBe(Enumerable.Range(0, 10_000));
        LeadIds.SlotOf(ids[7] + 1).ShouldBe(-1);
    }

    [Fact]
    public void most_ids_do_not_survive_a_double() =>
        Enumerable.Range(0, 1000).Select(LeadIds.Of).Count(id => (long)(double)id != id).ShouldBeGreaterThan(900);
}
