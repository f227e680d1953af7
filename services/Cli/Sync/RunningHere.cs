using System.Text.Json;

namespace LeadSync.Cli.Sync;

/// <summary>A sync that <c>./leadsync up</c> runs in the repository that this program was built in; it leaves a note of itself.</summary>
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

    // A run is named by its process; what a killed one left stays until the next one begins.
    private static bool IsAlive(string run) => Directory.Exists($"/proc/{run.Split('-')[0]}");
}
