using LeadSync.Gateway.Zoho;
using static LeadSync.UnitTests.Gateway.FakeZoho;

namespace LeadSync.UnitTests.Gateway.Zoho;

public sealed class LeadFieldCatalogTests
{
    private readonly FakeZoho zoho = new();

    [Fact]
    public async Task a_new_field_is_known_within_minutes_and_not_requested_before()
    {
        using var catalog = zoho.Catalog;
        await Current(catalog);
        zoho.Fields.Add(new FieldDescription("Shoe_Size", "integer"));

        (await Current(catalog)).ShouldNotContain("Shoe_Size");
        zoho.Time.Advance(TimeSpan.FromMinutes(5));
        (await Current(catalog)).ShouldContain("Shoe_Size");
        zoho.Calls.Count.ShouldBe(2);
    }

    [Fact]
    public async Task an_outage_keeps_the_known_fields()
    {
        using var catalog = zoho.Catalog;
        var known = await Current(catalog);
        zoho.OnCall = _ => throw Outage();
        catalog.Expire();

        (await Current(catalog)).ShouldBe(known);
    }

    [Fact]
    public async Task a_module_without_fields_is_not_believed()
    {
        using var catalog = zoho.Catalog;
        zoho.Fields.Clear();

        await Should.ThrowAsync<ZohoException>(() => Current(catalog));
    }

    private static async Task<IEnumerable<string>> Current(LeadFieldCatalog catalog) =>
        (await catalog.Current(TestContext.Current.CancellationToken)).Fields.Select(field => field.ApiName).ToList();
}
