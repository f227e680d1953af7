using System.Text.Json;
using LeadSync.DevStack;
using LeadSync.IntegrationTests.Cli;
using LeadSync.IntegrationTests.ConsolePages;
using LeadSync.IntegrationTests.Sync;
using LeadSync.TestSupport;

namespace LeadSync.IntegrationTests.Surfaces;

/// <summary>A sync behind proxies, and two open pages of its console: a wide and a narrow one.</summary>
internal sealed class WatchedSync : IAsyncDisposable
{
    /// <summary>The variable with the path of a directory for pictures of the pages in every situation.</summary>
    private const string PicturesKey = "LEADSYNC_PICTURES";

    private const string Document = "docs/what-you-see.md";

    // Only a failing test waits so long.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly ConsoleBrowser browser;
    private readonly List<ConsolePage> pages = [];
    private readonly List<string> wrong = [];
    private readonly string document = Seen.Words(File.ReadAllText(Path.Combine(Repository.Root, Document)));
    private int shown;

    private WatchedSync(RunningSync sync, ConsoleBrowser browser) => (Sync, this.browser) = (sync, browser);

    public RunningSync Sync { get; }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static async Task<WatchedSync> StartAsync(SharedServers shared, params (string Key, string Value)[] settings)
    {
        var sync = await RunningSync.StartBehindProxiesAsync(
            shared, leads: 200,
            [
                ("Scheduler__MaximumRemovalShare", "0.1"), ("Simulator__TokensPerTenMinutes", "0"),
                ("Simulator__BulkDownloadsPerMinute", "0"), .. settings,
            ]);
        var watched = new WatchedSync(sync, await ConsoleBrowser.StartAsync());
        // The pages stay open while their scheduler and its database are away, and the browser tells of each request that fails.
        foreach (var width in (int[])[1280, 375])
        {
            watched.pages.Add(await watched.browser.OpenAsync(
                sync.Services.Scheduler.Address, width: width, mayComplain: "Failed to load resource"));
        }

        return watched;
    }

    /// <summary>Asks the scheduler for an action.</summary>
    public async Task Ask(string action) => (await Sync.Scheduler.PostAsync($"/{action}", null, Stop)).EnsureSuccessStatusCode();

    /// <summary>Waits until every surface tells the truth, on open pages and on a new one. Then runs the commands that wait, and looks for
    /// the situation in the document.</summary>
    public async Task Shows(Situation truth)
    {
        Seen? seen = null;
        string[] untruths = [];
        var began = TimeProvider.System.GetTimestamp();
        await Wait.HappensAsync(
            async () => (untruths = [.. (seen = await Seen.Look(Sync, pages)).Untruths(truth)]).Length == 0, Patience, Stop);
        await Take(truth);
        wrong.AddRange(untruths.Select(untruth => $"{truth.Name}: {untruth}"));
        var took = TimeProvider.System.GetElapsedTime(began);

        if (truth.Sight != Sight.Gone)
        {
            await using var late = await browser.OpenAsync(
                Sync.Services.Scheduler.Address, mayComplain: truth.Sight == Sight.Blind ? "503" : null);
            await Wait.HappensAsync(
                async () => (untruths = [.. (await Seen.Look(Sync, [late])).Untruths(truth)]).Length == 0, Patience, Stop);
            wrong.AddRange(untruths.Select(untruth => $"{truth.Name}, with a new page: {untruth}"));
        }

        await Ends(truth, truth.Status, "status");
        await Ends(truth, truth.CatchUp, "catch-up");
        await Ends(truth, truth.Compare, "compare");
        var reason = seen!.Reasons.FirstOrDefault(reason => reason.Kind == truth.Reason);
        var says = truth.Sight == Sight.Gone ? Plain(seen.Command.Error)
            : reason.Text is null || seen.Sentence.StartsWith("In sync", StringComparison.Ordinal) ? seen.Sentence : reason.Text;
        var notReady = truth.NotReady is [] ? "" : string.Join(", ", truth.NotReady);
        var help = reason.Help is null ? ""
            : $"[runbook]({reason.Help.Replace("/runbooks", "runbooks.md", StringComparison.Ordinal)})";
        Note($"| {truth.Name} | {says} | {seen.Command.ExitCode} | {Row(truth, seen)} | {notReady} | {help} |");
        Note($"| {truth.Name} | {truth.Status.Code} | {truth.CatchUp} | {truth.Compare} |");
        Write($"{truth.Name}: all agreed after {took.TotalSeconds:0.0} s; reasons {string.Join(", ", seen.ReasonGauges)}; "
            + $"`status` exits with {seen.Command.ExitCode}; {seen.Row}; title \"{seen.Pages[0].Title}\"");
    }

    /// <summary>Waits until the view shows what Zoho holds again, and no action of a command that gave up is left.</summary>
    public async Task Settles()
    {
        var isAsked = false;
        await RunningSync.Until("it is in sync, and nothing is under way", async () =>
        {
            using var answer = await Sync.Scheduler.GetAsync("/status", Stop);
            if (!answer.IsSuccessStatusCode)
                return false;

            // An operator's catch-up does not wait for the pause after failures.
            if (!isAsked)
            {
                using var taken = await Sync.Scheduler.PostAsync("/catch-up", null, Stop);
                isAsked = taken.IsSuccessStatusCode;
                return false;
            }

            var status = JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync(Stop));
            var (catchUp, comparison) = (status.GetProperty("catchUp"), status.GetProperty("fullComparison"));
            return status.GetProperty("inSync").GetBoolean() && status.GetProperty("reasons").GetArrayLength() == 0
                && catchUp.GetProperty("id").ValueKind == JsonValueKind.Null && status.GetProperty("phase").GetString() == "in sync"
                && catchUp.GetProperty("ordered").GetArrayLength() == 0 && comparison.GetProperty("ordered").GetArrayLength() == 0;
        });
    }

    /// <summary>Fails when a surface did not tell the truth, a command ended otherwise, or the document does not say what was
    /// seen.</summary>
    public void ShouldHaveToldTheTruth() => wrong.ShouldBeEmpty();

    public async ValueTask DisposeAsync()
    {
        try
        {
            foreach (var page in pages)
                await page.DisposeAsync();
        }
        finally
        {
            await browser.DisposeAsync();
            await Sync.DisposeAsync();
        }
    }

    private async Task Ends(Situation truth, Ending ending, string command)
    {
        // A command that can succeed is given time to.
        var timeout = ending.Code == 0 ? "2m" : "3s";
        var result = await CommandLine.Run(Sync, command, "--wait", "--timeout", timeout);
        // `status --wait` writes each situation to its output, and the end of an unsuccessful wait as an error.
        var said = result.ExitCode == 0 || (command != "status" && result.Output.Length > 0) ? result.Output : result.Error;
        if (result.ExitCode != ending.Code || !Seen.Words(said).Contains(Seen.Words(ending.Says), StringComparison.Ordinal))
            wrong.Add($"{truth.Name}: `{command} --wait` exits with {result.ExitCode}: {result.Output}{result.Error}");
    }

    /// <summary>The last line, without the address of this run's scheduler.</summary>
    private string Plain(string said) =>
        said.Trim().Split('\n')[^1].Replace($"{Sync.Services.Scheduler.Address}", "http://localhost:8082/", StringComparison.Ordinal);

    private static string Row(Situation truth, Seen seen) => truth switch
    {
        { HasOldRow: true } => "too old",
        { Sight: Sight.Blind } => "cannot be read",
        _ => $"`{(seen.Row!.InSync ? "true" : "false")}`",
    };

    private void Note(string row)
    {
        Write(row);
        if (!document.Contains(Seen.Words(row), StringComparison.Ordinal))
            wrong.Add($"{Document} lacks this row: {row}");
    }

    private static void Write(string line) => TestContext.Current.TestOutputHelper!.WriteLine(line);

    private async Task Take(Situation truth)
    {
        if (Environment.GetEnvironmentVariable(PicturesKey) is not { Length: > 0 } directory)
            return;

        shown++;
        foreach (var (page, width) in pages.Zip((int[])[1280, 375]))
        {
            var name = $"{truth.Name.ToLowerInvariant().Replace(' ', '-')}-{width}.png";
            await page.Page.ScreenshotAsync(new() { Path = Path.Combine(directory, $"{shown:00}-{name}"), FullPage = true });
        }
    }
}
