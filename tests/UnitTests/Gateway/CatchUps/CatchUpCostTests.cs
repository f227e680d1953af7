using LeadSync.Gateway.CatchUps;

namespace LeadSync.UnitTests.Gateway.CatchUps;

public sealed class CatchUpCostTests
{
    [Theory]
    [InlineData(0, 2_000)]
    [InlineData(48, 2_000)]
    [InlineData(49, 1_244)]
    [InlineData(97, 861)]
    [InlineData(480, 273)]
    public void the_more_calls_a_lead_takes_the_earlier_a_bulk_read_is_cheaper(int fields, int leads) =>
        CatchUpCost.MostLeads(fields).ShouldBe(leads);
}
