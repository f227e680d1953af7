using System.Net.Http.Json;
using System.Text.Json;
using LeadSync.IntegrationTests.Sync;

namespace LeadSync.IntegrationTests.Dials;

/// <summary>What gives a dial its effect, and what the status shows while the view cannot be true.</summary>
internal static class Expectations
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>The gateway has to ask for a new access token.</summary>
    public static async Task TokenRevoked(RunningSync sync) =>
        (await sync.Zoho.PostAsync("/control/access-tokens/revoke", null, Stop)).EnsureSuccessStatusCode();

    /// <summary>The gateway has to ask for a new access token, and another program has just taken the last one.</summary>
    public static async Task TokensUsedUp(RunningSync sync)
    {
        (await sync.Zoho.PostAsync("/oauth/v2/token", new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "refresh_token",
            ["client_id"] = sync.Services.Environment["Zoho__ClientId"],
            ["client_secret"] = sync.Services.Environment["Zoho__ClientSecret"],
            ["refresh_token"] = sync.Services.Environment["Zoho__RefreshToken"],
        }), Stop)).Dispose();
        await TokenRevoked(sync);
    }

    /// <summary>Zoho forgets the notification channel. The scheduler notices this and opens a new one.</summary>
    public static async Task ChannelReopened(RunningSync sync)
    {
        await ChannelForgotten(sync);
        await RunningSync.Until("the channel is opened again", async () =>
            (await Statistics(sync)).GetProperty("channels").GetArrayLength() > 0);
    }

    public static async Task ChannelForgotten(RunningSync sync) =>
        (await sync.Zoho.DeleteAsync("/control/channels", Stop)).EnsureSuccessStatusCode();

    /// <summary>Zoho's clock jumps.</summary>
    public static Func<RunningSync, Task> TimePassed(string by) => async sync =>
        (await sync.Zoho.PostAsJsonAsync("/control/clock/advance", new { by }, Stop)).EnsureSuccessStatusCode();

    /// <summary>The status shows a gap, or why catch-ups fail.</summary>
    public static Task TroubleSeen(RunningSync sync) => RunningSync.Until("the status shows why the catch-up fails", async () =>
    {
        var status = await sync.Status();
        return status.GetProperty("gaps").GetProperty("open").GetArrayLength() > 0
            || status.GetProperty("catchUp").GetProperty("trouble").ValueKind == JsonValueKind.String;
    });

    /// <summary>The test starts a comparison. LeadSync cannot get or use one of its pages, and the status says why.</summary>
    public static async Task PageTroubleSeen(RunningSync sync)
    {
        await Comparing(sync);
        await RunningSync.Until("the status shows why the page fails", async () => Pages(await sync.Status()).Any(page =>
            page.GetProperty("trouble").ValueKind == JsonValueKind.String));
    }

    /// <summary>A full comparison reaches a page that it cannot read, and starts again.</summary>
    public static async Task ReadingBegunAnew(RunningSync sync)
    {
        await Comparing(sync);
        var first = default(string);
        await RunningSync.Until("everything is read from the first page again", async () =>
        {
            var run = (await sync.Status()).GetProperty("run") is { ValueKind: JsonValueKind.Object } found
                ? found.GetProperty("id").GetString()
                : null;
            first ??= run;
            return run is not null && run != first;
        });
    }

    public static async Task Comparing(RunningSync sync) =>
        (await sync.Scheduler.PostAsync("/full-comparison", null, Stop)).EnsureSuccessStatusCode();

    /// <summary>A comparison misses too many leads. LeadSync holds them back, and the test drops them.</summary>
    public static async Task HeldBackAndDropped(RunningSync sync)
    {
        await sync.CatchUp();
        var living = await sync.Value("select count(*) from legacy.leads");
        await Comparing(sync);
        await RunningSync.Until("the comparison is held back", async () =>
            (await sync.Status()).GetProperty("fullComparison").GetProperty("heldBack").ValueKind == JsonValueKind.Object);
        (await sync.Value("select count(*) from legacy.leads")).ShouldBe(living);
        (await sync.Scheduler.PostAsync("/full-comparison/drop", null, Stop)).EnsureSuccessStatusCode();
    }

    /// <summary>
    /// A comparison misses some leads. If LeadSync holds them back, the test releases them. The gateway asks Zoho about each.
    /// </summary>
    public static async Task ReleasedWhenHeldBack(RunningSync sync)
    {
        await Comparing(sync);
        await RunningSync.Until("the comparison misses some leads", async () =>
            (await sync.Status()).GetProperty("fullComparison").GetProperty("lastCompared").GetProperty("missing").GetInt32() > 0);
        if ((await sync.Status()).GetProperty("fullComparison").GetProperty("heldBack") is { ValueKind: JsonValueKind.Object } held)
            (await sync.Scheduler.PostAsync($"/full-comparison/release?missing={held.GetProperty("missing")}", null, Stop))
                .EnsureSuccessStatusCode();
    }

    /// <summary>A comparison misses few leads. The gateway asks Zoho about each, Zoho does not have it, and LeadSync removes it.</summary>
    public static async Task MissedAndRemoved(RunningSync sync)
    {
        await sync.CatchUp();
        var living = (long)(await sync.Value("select count(*) from legacy.leads"))!;
        await sync.Compare();
        await RunningSync.Until(
            "missing leads are removed", async () => await sync.Value("select count(*) from legacy.leads") is long left && left < living);
    }

    /// <summary>A job that never ends delays nothing else. The test tells the scheduler at once what it would find after an hour.</summary>
    public static async Task StuckAndGivenUp(RunningSync sync)
    {
        await Comparing(sync);
        JsonElement run = default;
        await RunningSync.Until(
            "the job runs", async () => (run = (await sync.Status()).GetProperty("run")).ValueKind == JsonValueKind.Object
            && Pages(run).Any(page => page.GetProperty("jobId").ValueKind == JsonValueKind.String));
        await sync.CatchUp();
        await Truth.ShouldBeTheView(sync);
        await sync.Turn(new { bulkStuckRate = 0 });
        await sync.Publish("scheduler", JsonSerializer.Serialize(new
        {
            messageType = new[] { "urn:message:LeadSync.Contracts:BulkJobFailed" },
            message = new
            {
                runId = run.GetProperty("id").GetString(), page = 1, jobId = Pages(run)[0].GetProperty("jobId").GetString(),
                reason = "An hour is over."
            },
        }));
    }

    /// <summary>Zoho refuses the second download of a minute. The test moves Zoho's clock to the next minute.</summary>
    public static async Task DownloadRefusedForAMinute(RunningSync sync)
    {
        await Comparing(sync);
        await RunningSync.Until(
            "the second page was asked for",
            async () => (await Statistics(sync)).GetProperty("calls").TryGetProperty("bulk.download", out var downloads)
            && Pages(await sync.Status())
                .Any(page => page.GetProperty("page").GetInt32() == 2 && page.GetProperty("state").GetString() == "ready")
            && downloads.GetInt64() > 1);
        await TimePassed("00:01:00")(sync);
    }

    private static Task<JsonElement> Statistics(RunningSync sync) => sync.Zoho.GetFromJsonAsync<JsonElement>("/control/statistics", Stop);

    private static JsonElement[] Pages(JsonElement statusOrRun)
    {
        var run = statusOrRun.TryGetProperty("run", out var inStatus) ? inStatus : statusOrRun;
        return run.ValueKind == JsonValueKind.Object ? [.. run.GetProperty("pages").EnumerateArray()] : [];
    }
}
