using System.Collections.Concurrent;
using LeadSync.IntegrationTests.Sync;
using Microsoft.Playwright;

namespace LeadSync.IntegrationTests.ConsolePages;

[CollectionDefinition(nameof(OpenConsole))]
public sealed class OpenConsoleCollection : ICollectionFixture<OpenConsole>;

/// <summary>A sync that has read every lead, and a browser. The test classes of this folder share both.</summary>
public sealed class OpenConsole(SharedServers shared) : IAsyncLifetime
{
    private RunningSync? sync;
    private ConsoleBrowser? browser;

    public SharedServers Shared => shared;

    public RunningSync Sync => sync!;

    public async ValueTask InitializeAsync()
    {
        browser = await ConsoleBrowser.StartAsync();
        sync = await RunningSync.StartAsync(shared, leads: 500, ("Console__TracesUrl", "http://localhost:16686"));
        await sync.InSync();
    }

    /// <summary>Opens a page in a new browser window, without cookies or cache.</summary>
    /// <param name="path">The path below the scheduler's address.</param>
    /// <param name="mayComplain">The complaints of the browser that are not failures.</param>
    public Task<ConsolePage> OpenAsync(
        string path = "/", int width = 1280, ColorScheme scheme = ColorScheme.Light, string? mayComplain = null) =>
        browser!.OpenAsync(Sync.Services.Scheduler.Address, path, width, scheme, mayComplain);

    public async ValueTask DisposeAsync()
    {
        if (browser is not null)
            await browser.DisposeAsync();
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
        Page.SetDefaultTimeout(ConsoleBrowser.Patience);
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
        // The machine got or lost an address while the page was open, for example because a container started. The page did not cause that.
        complaints.Where(complaint => !complaint.Contains("ERR_NETWORK_CHANGED", StringComparison.Ordinal))
            .Where(complaint => mayComplain is null || !complaint.Contains(mayComplain, StringComparison.Ordinal)).ShouldBeEmpty();
    }
}
