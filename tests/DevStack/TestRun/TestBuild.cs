using System.Diagnostics;
using System.Globalization;
using LeadSync.DevStack.Processes;

namespace LeadSync.DevStack.TestRun;

/// <summary>Builds the projects that the tests need, with the script that built this program.</summary>
internal static class TestBuild
{
    // The script says how long it took to build this program.
    private const string LauncherKey = "LEADSYNC_BUILT_IN_SECONDS";

    /// <summary>How long the build of this program took; zero when it was built before.</summary>
    public static TimeSpan OfLauncher { get; } =
        int.TryParse(Environment.GetEnvironmentVariable(LauncherKey), CultureInfo.InvariantCulture, out var seconds)
            ? TimeSpan.FromSeconds(seconds)
            : TimeSpan.Zero;

    /// <param name="all">Whether to build all other projects too.</param>
    /// <returns>How long it took.</returns>
    /// <exception cref="DevStackException">The build failed; the message has the errors.</exception>
    public static async Task<TimeSpan> RunAsync(bool all, RunDirectory run, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var script = new ProcessStartInfo(Path.Combine(Repository.Root, "leadsync"), all ? ["build", "--all"] : ["build"]);
        await using var build = ChildProcess.Start("build", script, run, Signal.Terminate);
        if (await build.WaitForExitAsync(cancellationToken) != 0)
            throw new DevStackException($"The build failed.\n{(await File.ReadAllTextAsync(build.LogFile, cancellationToken)).Trim()}");

        return Stopwatch.GetElapsedTime(started);
    }
}
