using System.Net;
using System.Text.RegularExpressions;
using LeadSync.IntegrationTests.Sync;
using Microsoft.Playwright;
using Npgsql;
using static Microsoft.Playwright.Assertions;

namespace LeadSync.IntegrationTests.ConsolePages;

/// <summary>A lead's page: its present values, its earlier values, and its events.</summary>
[Collection(nameof(OpenConsole))]
public sealed class LeadPageTests(OpenConsole console)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private RunningSync Sync => console.Sync;

    [Fact]
    public async Task a_lead_is_found_by_name_company_email_and_id_with_the_keyboard()
    {
        var values = new
        {
            First_Name = "Zdeňka", Last_Name = "O'Hara-Ünal", Full_Name = "Zdeňka O'Hara-Ünal", Company = "Hundred% Honey_Ltd",
            Email = "zdenka@honey.example"
        };
        var id = (await Sync.Change("create", new { values })).Single();
        await InView(id, "company", "Hundred% Honey_Ltd");
        await using var page = await console.OpenAsync();
        foreach (var text in (string[])["o'hara-ün", "% honey_", "ZDENKA@honey", id])
        {
            await page.Page.GotoAsync("/");
            await page.Page.Keyboard.PressAsync("/");
            await Expect(page.Page.GetByRole(AriaRole.Searchbox)).ToBeFocusedAsync();
            await page.Page.Keyboard.TypeAsync(text);

            var found = page.Page.GetByRole(AriaRole.List, new() { Name = "Leads found" })
                .GetByRole(AriaRole.Link, new() { NameRegex = new(id) });
            await Expect(found).ToBeVisibleAsync();
            await page.Page.Keyboard.PressAsync("ArrowDown");
            await Expect(found).ToBeFocusedAsync();
            await page.Page.Keyboard.PressAsync("Enter");
            await Expect(Heading(page)).ToContainTextAsync("O'Hara-Ünal");
            page.Page.Url.ShouldEndWith(id);
        }
    }

    [Fact]
    public async Task a_leads_page_shows_each_step_with_source_difference_and_trace_and_the_lead_as_of_then()
    {
        var id = (await Sync.Change("edit", new { count = 1, values = new { City = "Graz", Company = "<b>Markup & Sons</b>" } })).Single();
        await InView(id, "city", "Graz");
        await using var page = await console.OpenAsync($"/console/leads/{id}");
        var timeline = page.Page.GetByRole(AriaRole.Region, new() { Name = "What happened" });
        await Expect(timeline.GetByRole(AriaRole.Listitem).First).ToContainTextAsync("Graz");

        await Sync.Change("edit", new { ids = new[] { id }, values = new { City = "Linz" } });
        await InView(id, "city", "Linz");

        var newest = timeline.Locator("> ol > li").First;
        await Expect(newest).ToContainTextAsync(new Regex("Changed by a notification.*City.*Graz.*Linz", RegexOptions.Singleline));
        await Expect(newest.GetByRole(AriaRole.Link, new() { Name = "trace" }))
            .ToHaveAttributeAsync("href", new Regex("^http://localhost:16686/trace/[0-9a-f]{32}$"));
        await Expect(Field(page, "City")).ToHaveTextAsync("Linz");
        await Expect(Field(page, "Company")).ToHaveTextAsync("<b>Markup & Sons</b>");

        await timeline.Locator("> ol > li").Nth(1).GetByRole(AriaRole.Button, new() { NameRegex = new("^as of event") }).ClickAsync();
        await Expect(Field(page, "City")).ToHaveTextAsync("Graznow Linz");
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Back to now" }).ClickAsync();
        await Expect(Field(page, "City")).ToHaveTextAsync("Linz");
    }

    [Fact]
    public async Task the_page_of_a_deleted_or_unknown_lead_says_so()
    {
        var id = (await Sync.Change("delete", new { count = 1 })).Single();
        await RunningSync.Until(
            "it is gone", async () => await Sync.Value("select id from legacy.deleted_leads where id = $1", id) is not null);

        await using var page = await console.OpenAsync($"/console/leads/{id}", width: 375);
        await Expect(page.Page.Locator("#about")).ToContainTextAsync("deleted");
        await Expect(page.Page.Locator("#timeline > li").First).ToContainTextAsync("Removed by a notification");
        (await page.SidewaysAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task a_search_needs_two_letters_and_no_answer_waits_long_for_a_table_that_is_locked()
    {
        var http = console.Sync.Services.Scheduler.Http;
        using var tooShort = await http.GetAsync("/leads?text=%20a", Stop);
        (tooShort.StatusCode, await tooShort.Content.ReadAsStringAsync(Stop))
            .ShouldBe((HttpStatusCode.BadRequest, "Write 2 letters or more."));

        var id = (string)(await console.Sync.Value("select min(id) from legacy.leads"))!;
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(
            console.Sync.Services.Environment["ConnectionStrings__Postgres"]) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(Stop);
        // A running fold or check may hold one of the two tables and want the other.
        await RunningSync.Until("both tables are locked", async () =>
        {
            await using var locking = new NpgsqlCommand(
                "rollback; begin; lock table legacy.leads, projector.mt_events in access exclusive mode", connection);
            try
            {
                await locking.ExecuteNonQueryAsync(Stop);
                return true;
            }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.DeadlockDetected)
            {
                return false;
            }
        });
        // The answers would otherwise wait until their statements time out, after 15 seconds.
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        patience.CancelAfter(TimeSpan.FromSeconds(12));
        var answers = await Task.WhenAll(new[]
        {
            "/leads?text=an", $"/leads/{id}", $"/leads/{id}/version", $"/leads/{id}/timeline", $"/leads/{id}/fields/Company",
        }.Select(async path =>
        {
            using var answer = await http.GetAsync(path, patience.Token);
            answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable, path);
            return await answer.Content.ReadAsStringAsync(Stop);
        }));

        answers[0].ShouldBe("Looking through all leads takes too long now: write the id, or try again.");
        answers[1..].ShouldAllBe(answer => answer.StartsWith("The database does not answer now", StringComparison.Ordinal));
    }

    [Fact]
    public async Task a_search_without_a_match_says_so()
    {
        await using var page = await console.OpenAsync();
        await page.Page.Keyboard.PressAsync("/");
        await page.Page.Keyboard.TypeAsync("100% nobody_");

        await Expect(page.Page.Locator("#results")).ToContainTextAsync("No lead has that id, or that in its name, company or e-mail.");
    }

    [Fact]
    public async Task a_lead_with_hundreds_of_events_is_shown_page_by_page()
    {
        var id = await Sync.LeadOfOneEvent();
        await LongHistory.Make(Sync, id, events: 200);
        await using var page = await console.OpenAsync($"/console/leads/{id}");

        await Expect(Field(page, "City")).ToHaveTextAsync("City 200");
        await Expect(page.Page.Locator("#timeline > li")).ToHaveCountAsync(25);
        await Expect(page.Page.Locator("#timeline > li").First).ToContainTextAsync("City 200");
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Show older events" }).ClickAsync();
        await Expect(page.Page.Locator("#timeline > li")).ToHaveCountAsync(50);
        await Expect(page.Page.Locator("#timeline > li").Last).ToContainTextAsync("City 151");
    }

    private Task InView(string id, string column, string value) => RunningSync.Until($"{column} is {value}", async () =>
        await Sync.Value($"select {column} from legacy.leads where id = $1", id) is string shown && shown == value);

    private static ILocator Heading(ConsolePage page) => page.Page.GetByRole(AriaRole.Heading, new() { Level = 1 });

    private static ILocator Field(ConsolePage page, string name) =>
        page.Page.Locator("#fields .fields > div").Filter(new() { Has = page.Page.GetByText(name, new() { Exact = true }) }).Locator("dd");
}
