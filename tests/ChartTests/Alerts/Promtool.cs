using System.Diagnostics;
using LeadSync.DevStack;
using LeadSync.TestSupport;

namespace LeadSync.ChartTests.Alerts;

/// <summary>
/// Prometheus' tool that tests rules. The variable <c>PROMTOOL</c> names it, or it is installed, or the tests unpack Debian's package into
/// the repository's ignored folder, which needs no root.
/// </summary>
internal static class Promtool
{
    private static readonly string Cache = Path.Combine(Repository.Ignored, "promtool");

    /// <returns>The tool's path; null when there is none and it cannot be unpacked.</returns>
    public static async Task<string?> FindAsync(CancellationToken ct)
    {
        var unpacked = Path.Combine(Cache, "usr", "bin", "promtool");
        string?[] places =
        [
            Environment.GetEnvironmentVariable("PROMTOOL"),
            .. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(directory => Path.Combine(directory, "promtool")),
            unpacked,
        ];
        return places.FirstOrDefault(File.Exists) ?? (await UnpackAsync(ct) ? unpacked : null);
    }

    private static async Task<bool> UnpackAsync(CancellationToken ct)
    {
        Directory.CreateDirectory(Cache);
        try
        {
            var download = await RunAsync("apt-get", ["download", "-qq", "prometheus"], ct);
            return download.ExitCode == 0 && Directory.EnumerateFiles(Cache, "prometheus_*.deb").FirstOrDefault() is { } package
                && (await RunAsync("dpkg", ["-x", package, "."], ct)).ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
        finally
        {
            foreach (var package in Directory.EnumerateFiles(Cache, "*.deb"))
                File.Delete(package);
        }
    }

    private static Task<ProgramResult> RunAsync(string program, string[] arguments, CancellationToken ct) =>
        ProgramResult.RunAsync(new ProcessStartInfo(program, arguments) { WorkingDirectory = Cache }, ct);
}
