using LeadSync.Cli.Preview;
using LeadSync.Cli.Zoho;
using LeadSync.Gateway.Zoho;

namespace LeadSync.UnitTests.Cli.Preview;

/// <summary>The cost of a first sync, and the credits of an org.</summary>
public sealed class FirstSyncTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(200_000, 1)]
    [InlineData(200_001, 2)]
    [InlineData(450_000, 3)]
    public void a_page_has_200_000_leads_and_an_empty_org_one_page(long leads, long pages)
    {
        var first = FirstSync.Of(leads);

        first.Pages.ShouldBe(pages);
        first.Credits.ShouldBeInRange(pages * 52, pages * 80);
        first.LeastMinutes.ShouldBeLessThan(first.MostMinutes);
    }

    [Theory]
    [InlineData("free", 100, 5_000)]
    [InlineData("standard", 10, 52_500)]
    [InlineData("standard", 10_000, 100_000)]
    [InlineData("professional", 10, 55_000)]
    [InlineData("enterprise", 25, 75_000)]
    [InlineData("enterprise", 10_000, 5_000_000)]
    [InlineData("ultimate", 10_000, 20_050_000)]
    public void an_edition_has_credits_by_its_users_up_to_a_cap(string name, long users, long credits) =>
        new ZohoEdition(name, users).CreditsPerDay.ShouldBe(credits);

    [Theory]
    [InlineData("https://accounts.zoho.com", "US")]
    [InlineData("https://www.zohoapis.com", "US")]
    [InlineData("https://accounts.zoho.com.au", "AU")]
    [InlineData("https://sandbox.zohoapis.eu", "EU")]
    [InlineData("https://accounts.zohocloud.ca", "CA")]
    [InlineData("https://www.zohoapis.ca", "CA")]
    [InlineData("http://127.0.0.1:8090", null)]
    [InlineData("https://zohoapis.com.example.org", null)]
    public void a_host_of_zoho_belongs_to_a_data_centre(string host, string? dataCentre) =>
        DataCentre.Of(new Uri(host)).ShouldBe(dataCentre);
}
