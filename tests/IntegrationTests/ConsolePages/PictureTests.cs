using System.Net.Http.Json;
using System.Text.Json;
using LeadSync.DevStack;
using LeadSync.IntegrationTests.Sync;
using Microsoft.Playwright;

using static Microsoft.Playwright.Assertions;

namespace LeadSync.IntegrationTests.ConsolePages;

/// <summary>
/// Takes the pictures of the console in <c>docs/images</c>, from a sync with activity. Runs only with <c>--explicit only</c>.
/// </summary>
[Collection(nameof(OpenConsole))]
public sealed class PictureTests(OpenConsole console)
{
    private static readonly string Pictures = Path.Combine(Repository.Root, "docs", "images");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private RunningSync Sync => console.Sync;

    [Fact(Explicit = true)]
    public async Task the_console_and_a_lead_look_as_the_readme_shows_them()
    {
        await Sync.Zoho.PostAsJsonAsync("/control/stream/start", new { perSecond = 4, seconds = 300, createShare = 0.1 }, Stop);
        await Measured(6);
        await Outage();
        await Measured(12);
        var lead = (await Sync.Change("create", new
        {
            values = new
            {
                First_Name = "Anna", Last_Name = "Kovács", Full_Name = "Anna Kovács", Company = "Kontor & Söhne", City = "Graz"
            },
        })).Single();
        await Measured(13);
        await Sync.Change("edit", new { ids = new[] { lead }, values = new { City = "Wien", Company = "Kontor & Söhne GmbH" } });
        await Measured(14);
        await Sync.Change("edit", new { ids = new[] { lead }, values = new { Lead_Status = "Contacted", Phone = "+43 1 5550147" } });
        await ParkOne();
        await Sync.Scheduler.PostAsync("/rebuild", null, Stop);
        await Measured(18);
        await Sync.Turn(new { bulkPerPage = 150, bulkInProgressFor = "00:00:04" });
        await Sync.Scheduler.PostAsync("/full-comparison", null, Stop);
        await RunningSync.Until(
            "the third page is read", async () => (await Sync.Status()).GetProperty("run") is { ValueKind: JsonValueKind.Object } run
            && run.GetProperty("pages").GetArrayLength() > 2);

        await Task.WhenAll(
            Take("/", "console-light", 1280, ColorScheme.Light),
            Take("/", "console-dark", 1280, ColorScheme.Dark),
            Take("/", "console-phone", 375, ColorScheme.Light, isWhole: false));
        await Take($"/console/leads/{lead}", "lead", 1280, ColorScheme.Light, isWhole: false);
    }

    private async Task Take(string path, string name, int width, ColorScheme scheme, bool isWhole = true)
    {
        await using var page = await console.OpenAsync(path, width, scheme);
        if (path == "/")
        {
            await Expect(page.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("sync");
            await page.Page.GetByRole(AriaRole.Radio, new() { Name = "15 min" }).CheckAsync();
        }

        await page.Page.WaitForLoadStateAsync(LoadState.Load);
        await page.Page.WaitForTimeoutAsync(1_000);
        await page.Page.ScreenshotAsync(new() { Path = Path.Combine(Pictures, $"{name}.png"), FullPage = isWhole });
    }

    /// <summary>Waits until the projector has measured changes in this many periods of ten seconds.</summary>
    private Task Measured(int buckets) => RunningSync.Until($"{buckets} stretches were measured", async () =>
        await Sync.Value("select count(*) from projector.change_latency") is long count && count >= buckets, TimeSpan.FromMinutes(5));

    private async Task Outage()
    {
        await Sync.Services.Gateway.KillAsync();
        await Task.Delay(TimeSpan.FromSeconds(5), TimeProvider.System, Stop);
        await Sync.Services.Gateway.StartAsync(Stop);
        await RunningSync.Until("the gap is caught up", async () => (await Sync.Status()).GetProperty("gaps") is var gaps
            && gaps.GetProperty("open").GetArrayLength() == 0 && gaps.GetProperty("recent").GetArrayLength() > 0);
    }

    private async Task ParkOne()
    {
        await Sync.Value("alter table legacy.leads add constraint no_such_company check (company <> 'Refused') not valid");
        await Sync.Change("edit", new { count = 1, values = new { Company = "Refused" } });
        await RunningSync.Until(
            "it is parked", async () => (await Sync.Status()).GetProperty("parked").GetProperty("projector").GetInt64() == 1);
        await Sync.Value("alter table legacy.leads drop constraint no_such_company");
    }
}
