using System.Net.Http.Json;
using System.Text.Json;
using LeadSync.IntegrationTests.Sync;

namespace LeadSync.IntegrationTests.Cli;

/// <summary>Why a field has its value, for a lead with so many edits that the scheduler reads its events in several ranges.</summary>
[Collection(nameof(FreshSync))]
public sealed class WhyTests(FreshSync fresh)
{
    private const int Events = 1_200;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private RunningSync Sync => fresh.Sync;

    [Fact]
    public async Task among_thousands_of_events_the_one_that_set_the_value_is_named_even_the_first()
    {
        var id = await Sync.LeadOfOneEvent();
        await LongHistory.Make(Sync, id, Events);
        try
        {
            (await Ask(id, "city")).GetProperty("setBy").GetProperty("version").GetInt64().ShouldBe(Events);
            (await Ask(id, "City")).GetProperty("before").GetString().ShouldBe($"City {Events - 1}");
            (await Ask(id, "City")).GetProperty("changes").GetInt32().ShouldBe(Events);
            (await Ask(id, "modified_time")).GetProperty("setBy").GetProperty("version").GetInt64().ShouldBe(Events);
            (await Ask(id, "Company")).GetProperty("setBy").GetProperty("version").GetInt64().ShouldBe(1);
        }
        finally
        {
            await Sync.Change("edit", new { ids = new[] { id }, values = new { City = "At last" } });
            await RunningSync.Until(
                "the view is Zoho's again", async () => await Sync.Value("select city from legacy.leads where id = $1", id) is "At last");
        }
    }

    private Task<JsonElement> Ask(string id, string field) =>
        Sync.Scheduler.GetFromJsonAsync<JsonElement>($"/console/data/leads/{id}/fields/{field}", Stop);
}
