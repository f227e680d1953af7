using System.Diagnostics;

namespace LeadSync.DevStack.Processes;

/// <summary>
/// Everything that one run of a program has on the machine: a directory below the repository's ignored <c>.leadsync</c>, and the processes
/// that are noted in it. The next run cleans up after a killed one.
/// </summary>
public sealed class RunDirectory : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Lock noting = new();
    private readonly FileStream? claim;

    private RunDirectory(string kind)
    {
        Name = ProcessIdentity.Current.ToString();
        var all = Directory.CreateDirectory(System.IO.Path.Combine(Repository.Ignored, "logs")).FullName;
        claim = Claim(System.IO.Path.Combine(all, $"{kind}.lock"));
        Logs = System.IO.Path.Combine(all, claim is null ? $"{kind}-{Name}" : kind);
        foreach (var old in Directory.GetDirectories(all, $"{kind}-*").Where(IsOfEndedRun).Append(Logs).Where(Directory.Exists))
            Directory.Delete(old, recursive: true);
        Directory.CreateDirectory(Logs);
        Directory.CreateDirectory(Temporary);

        bool IsOfEndedRun(string logs) =>
            ProcessIdentity.TryParse(System.IO.Path.GetFileName(logs)[(kind.Length + 1)..], out var owner) && !owner.IsAlive;
    }

    /// <summary>The run's own process.</summary>
    public string Name { get; }

    public string Path => System.IO.Path.Combine(Runs, Name);

    /// <summary>The logs of the run's processes; kept until the next run of the same kind. A run that begins beside another of its kind has
    /// a directory of its own.</summary>
    public string Logs { get; }

    /// <summary>The directory that the run's processes use instead of <c>/tmp</c>.</summary>
    public string Temporary => System.IO.Path.Combine(Path, "tmp");

    private static string Runs => System.IO.Path.Combine(Repository.Ignored, "runs");

    /// <summary>Cleans up after killed runs, and begins one.</summary>
    /// <param name="kind">For instance <c>up</c>.</param>
    public static async Task<RunDirectory> BeginAsync(string kind)
    {
        await EndKilledRunsAsync();
        return new RunDirectory(kind);
    }

    /// <summary>Ends the processes and deletes the directories of runs whose own process has ended.</summary>
    public static async Task EndKilledRunsAsync()
    {
        Directory.CreateDirectory(Runs);
        foreach (var run in Directory.EnumerateDirectories(Runs))
        {
            if (!IsOfLivingProcess(System.IO.Path.GetFileName(run)))
                await EndAsync(run);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync(Path);
        if (claim is not null)
            await claim.DisposeAsync();
    }

    /// <param name="name">The name of a run's directory, which identifies its process.</param>
    internal static bool IsOfLivingProcess(string name) => ProcessIdentity.TryParse(name, out var owner) && owner.IsAlive;

    internal void Note(ProcessIdentity process, Signal stopSignal)
    {
        lock (noting)
            File.AppendAllText(ProcessesOf(Path), $"{process} {stopSignal}\n");
    }

    /// <summary>Locks a file for as long as this process lives.</summary>
    /// <returns>Null when another run has locked it.</returns>
    private static FileStream? Claim(string file)
    {
        try
        {
            return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static string ProcessesOf(string run) => System.IO.Path.Combine(run, "processes");

    private static async Task EndAsync(string run)
    {
        var notes = await NotesAsync(run);
        await Task.WhenAll(notes.Select(note =>
            note.Split(' ') is [var identity, var signal] && ProcessIdentity.TryParse(identity, out var process)
                && Enum.TryParse<Signal>(signal, out var stop)
                ? process.EndAsync(stop)
                : Task.CompletedTask));
        await DeleteAsync(run);
    }

    private static async Task<string[]> NotesAsync(string run)
    {
        try
        {
            return await File.ReadAllLinesAsync(ProcessesOf(run));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            // The run started no process, or another run cleans up too.
            return [];
        }
    }

    private static async Task DeleteAsync(string run)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                Directory.Delete(run, recursive: true);
                return;
            }
            catch (DirectoryNotFoundException)
            {
                // Another run was faster.
                return;
            }
            catch (IOException) when (Directory.Exists(run) && Stopwatch.GetElapsedTime(started) < Patience)
            {
                // A killed process may still be writing its last file.
                await timer.WaitForNextTickAsync();
            }
        }
    }
}
