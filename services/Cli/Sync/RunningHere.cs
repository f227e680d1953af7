using System.Text.Json;
using LeadSync.Cli.CommandLine;

namespace LeadSync.Cli.Sync;

/// <summary>A sync that <c>./leadsync up</c> runs in the repository of this program, found by a file in the run's directory.</summary>
/// <param name="Settings">The services' environment variables.</param>
internal sealed record RunningHere(Uri Scheduler, IReadOnlyDictionary<string, string> Settings)
{
    private const string Note = "services.json";

    /// <returns>Null when none runs.</returns>
    /// <exception cref="CommandException">One runs, and this user may not read its file.</exception>
    public static RunningHere? Find()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (root is not null && !Directory.Exists(RunsBelow(root)))
            root = root.Parent;

        return root is null ? null : Among(new DirectoryInfo(RunsBelow(root)));
    }

    /// <summary>The latest of the running syncs below a directory whose file this user may read.</summary>
    internal static RunningHere? Among(DirectoryInfo runs)
    {
        var isOfOthers = false;
        try
        {
            foreach (var note in runs.GetDirectories().Where(run => IsAlive(run.Name))
                .Select(run => new FileInfo(Path.Combine(run.FullName, Note)))
                .Where(note => note.Exists)
                .OrderByDescending(note => note.LastWriteTimeUtc))
            {
                try
                {
                    return JsonSerializer.Deserialize<RunningHere>(File.ReadAllText(note.FullName), JsonSerializerOptions.Web);
                }
                catch (UnauthorizedAccessException)
                {
                    isOfOthers = true;
                }
                catch (Exception e) when (e is IOException or JsonException)
                {
                    // The run is just ending.
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The same as no directory.
        }

        return !isOfOthers ? null : throw new CommandException(ExitCode.Usage,
            "A sync runs here for another user, and only that user may read where: run the command as that user, or give the scheduler's "
                + "address with --url.");
    }

    private static string RunsBelow(DirectoryInfo root) => Path.Combine(root.FullName, ".leadsync", "runs");

    // The directory's name identifies the run's process. The files of a killed run stay until the next run begins.
    private static bool IsAlive(string run) => Directory.Exists($"/proc/{run.Split('-')[0]}");
}
