using LeadSync.DevStack.Processes;

namespace LeadSync.DevStack.Infrastructure;

/// <summary>The machine's Chromium, which the tests drive. It is installed where that is possible without asking.</summary>
public static class Browser
{
    /// <summary>The variable with the path of a Chromium in an unusual place.</summary>
    public const string PathKey = "LEADSYNC_CHROMIUM";

    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

    private static string? Installed => Environment.GetEnvironmentVariable(PathKey) is { Length: > 0 } given
        ? given
        : Names.Select(name => Executable.Find(name, "/usr/bin")).FirstOrDefault(path => path is not null);

    /// <returns>The path of Chromium.</returns>
    /// <exception cref="DevStackException">Chromium is missing, and cannot be installed here.</exception>
    public static async Task<string> FindAsync(Action<string> report)
    {
        if (Installed is null)
        {
            await DebianPackages.InstallAsync(
                ["chromium"], report,
                $"The console's tests need Chromium: install it (on Debian as root: apt-get install chromium), or set {PathKey}.");
        }

        return Installed ?? throw new DevStackException($"Chromium was installed and is not found: set {PathKey} to its path.");
    }
}
