using System.Text.Json;

namespace LeadSync.Cli.Sync;

/// <summary>A sync that <c>./leadsync up</c> runs in the repository of this program, found by a file in the run's directory.</summary>
/// <param name="Settings">The services' environment variables.</param>
internal sealed record RunningHere(Uri Scheduler, IReadOnlyDictionary<string, string> Settings)
{
    private const string Note = "services.json";

    /// <returns>Null when none runs.</returns>
    public static RunningHere? Find()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (root is not null && !Directory.Exists(Path.Combine(root.FullName, ".leadsync", "runs")))
            root = root.Parent;

        return root is null ? null : new DirectoryInfo(Path.Combine(root.FullName, ".leadsync", "runs")).GetDirectories()
            .Where(run => IsAlive(run.Name))
            .Select(run => new FileInfo(Path.Combine(run.FullName, Note)))
            .Where(note => note.Exists)
            .OrderByDescending(note => note.LastWriteTimeUtc)
            .Select(note => JsonSerializer.Deserialize<RunningHere>(File.ReadAllText(note.FullName), JsonSerializerOptions.Web))
            .FirstOrDefault();
    }

    // The directory's name identifies the run's process. The files of a killed run stay until the next run begins.
    private static bool IsAlive(string run) => Directory.Exists($"/proc/{run.Split('-')[0]}");
}
