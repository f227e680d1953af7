using System.Collections.Concurrent;
using LeadSync.DevStack.Infrastructure;
using LeadSync.IntegrationTests.Sync;
using Microsoft.Playwright;

namespace LeadSync.IntegrationTests.ConsolePages;

[CollectionDefinition(nameof(OpenConsole))]
public sealed class OpenConsoleCollection : ICollectionFixture<OpenConsole>;

/// <summary>A sync that has read every lead, and a browser. The test classes of this folder share both.</summary>
public sealed class OpenConsole(SharedServers shared) : IAsyncLifetime
{
    private static readonly string[] Arguments =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync",
    ];

    // Only a failing test waits so long.
    internal const int Patience = 60_000;

    private RunningSync? sync;
    private IPlaywright? playwright;
    private IBrowser? browser;

    public SharedServers Shared => shared;

    public RunningSync Sync => sync!;

    public async ValueTask InitializeAsync()
    {
        Assertions.SetDefaultExpectTimeout(Patience);
        var chromium = await Browser.FindAsync(Console.WriteLine);
        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = chromium, Args = Arguments });
        sync = await RunningSync.StartAsync(shared, leads: 500, ("Console__TracesUrl", "http://localhost:16686"));
        await sync.InSync();
    }

    /// <summary>Opens a page in a new browser window, without cookies or cache.</summary>
    /// <param name="path">The path below the scheduler's address.</param>
    /// <param name="mayComplain">The complaints of the browser that are not failures.</param>
    public async Task<ConsolePage> OpenAsync(
        string path = "/", int width = 1280, ColorScheme scheme = ColorScheme.Light, string? mayComplain = null)
    {
        var context = await browser!.NewContextAsync(new()
        {
            BaseURL = $"{Sync.Services.Scheduler.Address}",
            ViewportSize = new() { Width = width, Height = width < 600 ? 812 : 900 },
            ColorScheme = scheme,
            TimezoneId = "Europe/Vienna",
            DeviceScaleFactor = 2,
        });
        return await ConsolePage.OpenAsync(context, path, mayComplain);
    }

    public async ValueTask DisposeAsync()
    {
        if (browser is not null)
            await browser.DisposeAsync();
        playwright?.Dispose();
        if (sync is not null)
            await sync.DisposeAsync();
    }
}

/// <summary>
/// A page of the console. Closing the page fails when the browser has complained (errors on its console, failed scripts, violated
/// policies), or when the page has sent a request to another address.
/// </summary>
public sealed class ConsolePage : IAsyncDisposable
{
    private readonly IBrowserContext context;
    private readonly ConcurrentQueue<string> complaints = new();

    private readonly string? mayComplain;

    private ConsolePage(IBrowserContext context, IPage page, string? mayComplain)
    {
        this.context = context;
        this.mayComplain = mayComplain;
        Page = page;
        Page.SetDefaultTimeout(OpenConsole.Patience);
    }

    public IPage Page { get; }

    public static async Task<ConsolePage> OpenAsync(IBrowserContext context, string path, string? mayComplain)
    {
        var console = new ConsolePage(context, await context.NewPageAsync(), mayComplain);
        var page = console.Page;
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
                console.complaints.Enqueue($"{message.Type}: {message.Text}");
        };
        page.PageError += (_, error) => console.complaints.Enqueue($"script: {error}");
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith("data:", StringComparison.Ordinal)
                && new Uri(request.Url).Authority != new Uri(page.Url is "about:blank" ? request.Url : page.Url).Authority)
                console.complaints.Enqueue($"request: {request.Url}");
        };
        await page.ExposeFunctionAsync("complain", (string what) => console.complaints.Enqueue($"policy: {what}"));
        await page.AddInitScriptAsync(
            "addEventListener('securitypolicyviolation', e => complain(`${e.violatedDirective} ${e.blockedURI}`))");
        await page.GotoAsync(path);
        return console;
    }

    /// <summary>How far the page can be scrolled sideways, in pixels.</summary>
    public Task<int> SidewaysAsync() =>
        Page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");

    public async ValueTask DisposeAsync()
    {
        await context.DisposeAsync();
        // The page did not cause these: the machine got or lost an address, for example because a container started, or it is so busy that
        // the scheduler could not read in time. The page shows the latter, and reads again.
        complaints.Where(complaint => !complaint.Contains("ERR_NETWORK_CHANGED", StringComparison.Ordinal)
                && !complaint.Contains("status of 503", StringComparison.Ordinal))
            .Where(complaint => mayComplain is null || !complaint.Contains(mayComplain, StringComparison.Ordinal)).ShouldBeEmpty();
    }
}
