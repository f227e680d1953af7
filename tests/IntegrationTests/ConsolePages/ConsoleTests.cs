using System.Diagnostics;
using System.Text.RegularExpressions;
using LeadSync.IntegrationTests.Sync;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace LeadSync.IntegrationTests.ConsolePages;

/// <summary>The console in a real browser: the page shows what the sync does, without a reload.</summary>
[Collection(nameof(OpenConsole))]
public sealed class ConsoleTests(OpenConsole console)
{
    private RunningSync Sync => console.Sync;

    [Theory]
    [InlineData(1280, ColorScheme.Light)]
    [InlineData(1280, ColorScheme.Dark)]
    [InlineData(375, ColorScheme.Light)]
    public async Task every_section_shows_data_and_nothing_sticks_out(int width, ColorScheme scheme)
    {
        await Sync.Change("edit", new { count = 3 });
        await using var page = await console.OpenAsync(width: width, scheme: scheme);

        await Expect(Heading(page)).ToContainTextAsync(new Regex("^In sync\\. Last change (just now|.* ago)\\.$"));
        await Expect(Section(page, "Notification channel")).ToContainTextAsync("open");
        await Expect(Section(page, "Notification channel")).ToContainTextAsync(new Regex("Time left ?23 h"));
        await Expect(Section(page, "Routine")).ToContainTextAsync("0 of 5");
        await Expect(page.Page.GetByRole(AriaRole.Img, new() { NameRegex = new("^Zoho to view: last .* m?s, at most") }))
            .ToBeVisibleAsync();
        await Expect(Section(page, "API credits")).ToContainTextAsync(new Regex("Used in 24 h ?\\d"));
        await Expect(Section(page, "Bulk read")).ToContainTextAsync("Every lead was last read");
        await Expect(Section(page, "Gaps")).ToBeVisibleAsync();
        await Expect(Section(page, "Parked")).ToBeVisibleAsync();
        await Expect(Section(page, "Services")).ToContainTextAsync(new Regex("gateway ?1 replica"));
        await Expect(Section(page, "Fields"))
            .ToContainTextAsync(new Regex("\\d+ fields are synced, 4 are not, .* Every synced field has its column"));
        await Expect(Section(page, "Log")).ToContainTextAsync("A scheduler became the leader.");
        (await page.SidewaysAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task everything_that_can_be_used_has_a_role_and_a_name()
    {
        await Sync.Change("edit", new { count = 1 });
        await using var page = await console.OpenAsync();
        await Expect(Heading(page)).ToContainTextAsync("In sync. Last change");
        await Expect(page.Page.GetByRole(AriaRole.Group, new() { Name = "Time range" })).ToBeVisibleAsync();

        var tree = await page.Page.Locator("body").AriaSnapshotAsync();

        foreach (var line in (string[])[
            "- link \"Skip to the status\"", "- banner", "- search", "- searchbox \"Find a lead by id, name, company or e-mail\"", "- main",
            "- heading \"In sync", "- group \"Actions\"", "- button \"Catch up now\"", "- button \"Compare everything\"",
            "- button \"Rebuild the view\"", "- button \"Pause\"", "- group \"Time range\"", "- radio \"1 h\" [checked]",
            "- region \"Notification channel\"", "- region \"API credits\"", "- region \"Bulk read\"", "- region \"Rebuild\"",
            "- region \"Gaps\"", "- region \"Parked\"", "- region \"Fields\"", "- region \"Alerts\"",
                "- region \"Log\"", "- contentinfo"])
            tree.ShouldContain(line);
        (await page.Page.Locator("button:not([aria-label]):empty, img:not([alt]), "
            + "input:not([aria-label]):not([id]):not([type=radio])").CountAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task a_change_appears_on_the_page_without_a_reload_with_its_duration()
    {
        await Sync.Change("edit", new { count = 1 });
        await using var page = await console.OpenAsync();
        await RunningSync.Until("the last change was hours ago", async () =>
        {
            await Sync.Value("update projector.change_latency set last_modified = now() - interval '2 hours'");
            return (await Heading(page).TextContentAsync())!.Contains("Last change 2 h", StringComparison.Ordinal);
        });

        await Sync.Change("edit", new { count = 1 });

        await Expect(Heading(page)).ToContainTextAsync(new Regex("Last change (just now|\\d+ (s|minutes?) ago)"));
        await Expect(page.Page.Locator(".plot output").First).ToContainTextAsync(new Regex("\\d (ms|s|min)$"));
    }

    [Fact]
    public async Task an_outage_shows_as_a_gap_with_its_cause_until_it_is_caught_up()
    {
        await using var page = await console.OpenAsync();
        await Sync.Services.Gateway.KillAsync();
        try
        {
            await Sync.Change("edit", new { count = 2 });
            await Sync.Value("update gateway.receiving set heartbeat = heartbeat - interval '10 seconds'");
        }
        finally
        {
            await Sync.Services.Gateway.StartAsync(TestContext.Current.CancellationToken);
        }

        await RunningSync.Until(
            "there was a gap",
            async () => (await Sync.Status()).GetProperty("gaps").ToString().Contains("No gateway", StringComparison.Ordinal));

        await Expect(Section(page, "Gaps")).ToContainTextAsync("No gateway could receive notifications");
        await RunningSync.Until(
            "the gap is closed", async () => (await Sync.Status()).GetProperty("gaps").GetProperty("open").GetArrayLength() == 0);
        await Expect(Section(page, "Gaps")).ToContainTextAsync("caught up");
    }

    [Fact]
    public async Task without_a_scheduler_the_page_says_so_and_later_continues_by_itself()
    {
        await using var page = await console.OpenAsync(mayComplain: "net::ERR_");
        await Expect(Heading(page)).ToContainTextAsync("In sync");

        await Sync.Services.Scheduler.KillAsync();
        try
        {
            await Expect(Heading(page)).ToHaveTextAsync("The scheduler does not answer.");
            await Expect(page.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("What you see below is from");
        }
        finally
        {
            await Sync.Services.Scheduler.StartAsync(TestContext.Current.CancellationToken);
        }

        await Expect(Heading(page)).ToContainTextAsync("In sync");
    }

    [Fact]
    public async Task a_bulk_read_shows_its_pages_and_the_progress_of_each()
    {
        await using var page = await console.OpenAsync();
        await Sync.Turn(new { bulkPerPage = 200, bulkInProgressFor = "00:00:02" });
        try
        {
            await page.Page.GetByRole(AriaRole.Button, new() { Name = "Compare everything" }).ClickAsync();
            await page.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Compare" }).ClickAsync();

            await RunningSync.Until("the second page is asked for", async () =>
                (await Sync.Status()).GetProperty("run") is { ValueKind: System.Text.Json.JsonValueKind.Object } run
                    && run.GetProperty("pages").GetArrayLength() > 1);
            var first = Section(page, "Bulk read").GetByRole(AriaRole.Listitem).First;
            await Expect(Section(page, "Bulk read")).ToContainTextAsync("Full comparison");
            await Expect(first).ToContainTextAsync("applied");
            await Expect(first).ToContainTextAsync("200 rows");
            await Expect(first.GetByRole(AriaRole.Progressbar, new() { Name = "Page 1" })).ToHaveAttributeAsync("value", "200");
            await Sync.InSync();
            await Expect(Section(page, "Bulk read")).ToContainTextAsync("No bulk read is running");
        }
        finally
        {
            await Sync.Turn(new { bulkPerPage = 200_000, bulkInProgressFor = "00:00:00.7" });
        }
    }

    [Fact]
    public async Task a_rebuild_shows_its_progress_and_its_findings()
    {
        await using var page = await console.OpenAsync();
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Rebuild the view" }).ClickAsync();
        await page.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Rebuild" }).ClickAsync();
        await Expect(Section(page, "Rebuild")).ToContainTextAsync("Rebuilding the view, started");

        await RunningSync.Until(
            "it is done", async () => (await Sync.Status()).GetProperty("rebuild").GetProperty("phase").GetString() == "done");

        await Expect(Section(page, "Rebuild")).ToContainTextAsync("done");
        await Expect(Section(page, "Rebuild")).ToContainTextAsync("differs from the view before in 0 leads");
    }

    [Fact]
    public async Task a_change_of_the_fields_shows_what_is_added_what_changes_its_type_and_what_is_not_synced()
    {
        await using var page = await console.OpenAsync(width: 375);
        await Expect(Section(page, "Fields")).ToContainTextAsync("Every synced field has its column");
        try
        {
            // Zoho's description, when no lead with the new fields has arrived yet.
            await Sync.Value(
                "update projector.described_fields set data_type = 'text', synced_as = 'Text' where api_name = 'No_of_Employees'");
            await Sync.Value(
                "insert into projector.described_fields (api_name, label, data_type, synced_as, position) values ('Shoe_Size', 'Size of "
                    + "shoes', 'integer', 'Integer', 999)");
            await Sync.Value(
                "update projector.described_fields set synced_as = null, reason = 'Zoho__Fields does not name it' where api_name = 'City'");

            await Expect(Field(page, "Size of shoes Shoe_Size")).ToContainTextAsync("new column bigint");
            await Expect(Field(page, "No of Employees No_of_Employees")).ToContainTextAsync("the column stays bigint");
            await Expect(Field(page, "No of Employees No_of_Employees")).ToContainTextAsync("leadsync retype No_of_Employees");
            await Expect(Field(page, "City"))
                .ToContainTextAsync("becomes NULL with the next change of each lead. Zoho__Fields does not name it.");
            await Section(page, "Fields").GetByText("All fields").ClickAsync();
            await Expect(Section(page, "Fields")).ToContainTextAsync("Zoho exports no subform");
            (await page.SidewaysAsync()).ShouldBe(0);
        }
        finally
        {
            await Sync.Value(
                "update projector.described_fields set data_type = 'integer', synced_as = 'Integer' where api_name = 'No_of_Employees'");
            await Sync.Value("delete from projector.described_fields where api_name = 'Shoe_Size'");
            await Sync.Value("update projector.described_fields set synced_as = 'Text', reason = null where api_name = 'City'");
        }

        await Expect(Section(page, "Fields")).ToContainTextAsync("Every synced field has its column");
    }

    [Fact]
    public async Task actions_can_be_started_by_keyboard_alone_and_are_confirmed_once()
    {
        await using var page = await console.OpenAsync();
        var pause = page.Page.GetByRole(AriaRole.Button, new() { Name = "Pause" });
        await Expect(pause).ToBeVisibleAsync();

        await pause.FocusAsync();
        await page.Page.Keyboard.PressAsync("Enter");
        await Expect(page.Page.GetByRole(AriaRole.Dialog, new() { Name = "Pause the sync?" })).ToBeVisibleAsync();
        await page.Page.Keyboard.PressAsync("Escape");
        await Expect(page.Page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        await Expect(pause).ToBeFocusedAsync();
        await page.Page.Keyboard.PressAsync("Enter");
        await Expect(page.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Pause" })).ToBeFocusedAsync();
        await page.Page.Keyboard.PressAsync("Enter");

        await Expect(Heading(page)).ToContainTextAsync("Paused");
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Resume" }).PressAsync("Enter");
        await page.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Resume" }).PressAsync("Enter");
        await Expect(Heading(page)).ToContainTextAsync("In sync");
    }

    [Fact]
    public async Task parked_items_are_listed_replayed_and_dropped_on_the_page()
    {
        await using var page = await console.OpenAsync(width: 375);
        await Sync.Value("alter table legacy.leads add constraint no_such_company check (company <> 'Refused') not valid");
        var refused = await Sync.Change("edit", new { count = 2, values = new { Company = "Refused" } });
        await RunningSync.Until(
            "both are parked", async () => (await Sync.Status()).GetProperty("parked").GetProperty("projector").GetInt64() == 2);

        await Expect(Section(page, "Parked")).ToContainTextAsync("PostgreSQL refused");
        await Expect(Heading(page)).ToContainTextAsync("but for 2 parked items");
        (await page.SidewaysAsync()).ShouldBe(0);
        await page.Page.GetByRole(AriaRole.Button, new() { Name = $"Drop {refused[0]}" }).ClickAsync();
        await page.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Drop" }).ClickAsync();
        await Expect(page.Page.GetByRole(AriaRole.Button, new() { Name = $"Drop {refused[0]}" })).ToHaveCountAsync(0);

        await Sync.Value("alter table legacy.leads drop constraint no_such_company");
        await page.Page.GetByRole(AriaRole.Button, new() { Name = $"Replay {refused[1]}" }).ClickAsync();
        await page.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Replay" }).ClickAsync();
        await Expect(Section(page, "Parked")).ToContainTextAsync("Nothing");
        await RunningSync.Until(
            "it is in the view", async () => await Sync.Value("select company from legacy.leads where id = $1", refused[1]) is "Refused");
    }

    [Fact]
    public async Task what_could_not_be_read_is_said_and_read_again()
    {
        await using var open = await console.OpenAsync(mayComplain: "503");
        var (page, isRefused) = (open.Page, true);
        await page.RouteAsync("**/console/latency*", route =>
            isRefused ? route.FulfillAsync(new() { Status = 503 }) : route.ContinueAsync());
        await page.RouteAsync("**/full-comparison/held", route => isRefused ? route.FulfillAsync(new() { Status = 503 })
            : route.FulfillAsync(new() { ContentType = "application/json", Body = """{ "leads": [{ "id": "1", "name": "Ana" }] }""" }));
        // This page believes that a comparison is held back.
        await page.AddInitScriptAsync("""
            const listen = EventSource.prototype.addEventListener;
            EventSource.prototype.addEventListener = function (name, hear) {
              listen.call(this, name, event => {
                if (name !== "report") return hear(event);
                const report = JSON.parse(event.data);
                report.fullComparison.heldBack = { missing: 1, living: 10 };
                hear({ data: JSON.stringify(report) });
              });
            };
            """);
        await page.ReloadAsync();

        await Expect(page.GetByText("The delays could not be read. Trying again.")).ToBeVisibleAsync();
        await Expect(page.GetByText("The leads could not be listed. Trying again.")).ToBeVisibleAsync();

        isRefused = false;
        await Expect(page.GetByText("The delays could not be read. Trying again.")).ToBeHiddenAsync();
        await page.GetByText("Which leads these are").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Ana" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task however_many_leads_change_an_open_page_gets_one_report_a_second_at_most()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var editing = Edit(stop.Token);
        var (since, reports) = (Stopwatch.StartNew(), 0);
        await using var events = await Sync.Services.Scheduler.Http.GetStreamAsync("/console/events", stop.Token);
        using var lines = new StreamReader(events);
        while (reports < 6)
        {
            if (await lines.ReadLineAsync(stop.Token) == "event: report")
                reports++;
        }

        // The first report comes at once.
        since.Elapsed.ShouldBeGreaterThan(TimeSpan.FromSeconds(4.9));
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(editing);

        async Task Edit(CancellationToken ct)
        {
            while (true)
            {
                await Sync.Change("edit", new { count = 5 });
                await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, ct);
            }
        }
    }

    private static ILocator Field(ConsolePage page, string name) =>
        Section(page, "Fields").Locator("table").First.Locator("tr").Filter(new() { HasText = name });

    private static ILocator Heading(ConsolePage page) => page.Page.GetByRole(AriaRole.Heading, new() { Level = 1 });

    private static ILocator Section(ConsolePage page, string name) =>
        page.Page.GetByRole(AriaRole.Region, new() { Name = name, Exact = true });
}
