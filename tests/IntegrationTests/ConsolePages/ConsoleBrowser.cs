using LeadSync.DevStack.Infrastructure;
using Microsoft.Playwright;

namespace LeadSync.IntegrationTests.ConsolePages;

/// <summary>The browser in which tests open pages of a console.</summary>
internal sealed class ConsoleBrowser : IAsyncDisposable
{
    // Only a failing test waits so long, in milliseconds.
    internal const int Patience = 60_000;

    private static readonly string[] Arguments =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync",
    ];

    private readonly IPlaywright playwright;
    private readonly IBrowser browser;

    private ConsoleBrowser(IPlaywright playwright, IBrowser browser) => (this.playwright, this.browser) = (playwright, browser);

    public static async Task<ConsoleBrowser> StartAsync()
    {
        Assertions.SetDefaultExpectTimeout(Patience);
        var chromium = await Browser.FindAsync(Console.WriteLine);
        var playwright = await Playwright.CreateAsync();
        return new ConsoleBrowser(
            playwright, await playwright.Chromium.LaunchAsync(new() { ExecutablePath = chromium, Args = Arguments }));
    }

    /// <summary>Opens a page in a new browser window, without cookies or cache.</summary>
    /// <param name="scheduler">The scheduler's address.</param>
    /// <param name="path">The path below the scheduler's address.</param>
    /// <param name="width">The window's width, in pixels.</param>
    /// <param name="mayComplain">The complaints of the browser that are not failures.</param>
    public async Task<ConsolePage> OpenAsync(
        Uri scheduler, string path = "/", int width = 1280, ColorScheme scheme = ColorScheme.Light, string? mayComplain = null)
    {
        var context = await browser.NewContextAsync(new()
        {
            BaseURL = $"{scheduler}",
            ViewportSize = new() { Width = width, Height = width < 600 ? 812 : 900 },
            ColorScheme = scheme,
            TimezoneId = "Europe/Vienna",
            DeviceScaleFactor = 2,
        });
        return await ConsolePage.OpenAsync(context, path, mayComplain);
    }

    public async ValueTask DisposeAsync()
    {
        await browser.DisposeAsync();
        playwright.Dispose();
    }
}
