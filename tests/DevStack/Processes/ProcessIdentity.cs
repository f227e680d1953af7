using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace LeadSync.DevStack.Processes;

/// <summary>A process, distinguished from a later process with the same id.</summary>
/// <param name="Id">The process id. For a process in its own session, also the id of its process group.</param>
/// <param name="StartTime">The start, in clock ticks since the machine's start (field 22 of <c>/proc/ID/stat</c>).</param>
internal readonly record struct ProcessIdentity(int Id, long StartTime)
{
    // As long as Kubernetes waits by default.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static ProcessIdentity Current => Of(Environment.ProcessId)!.Value;

    public bool IsAlive => Of(Id) == this;

    /// <returns>Null when no such process runs.</returns>
    public static ProcessIdentity? Of(int id) => Stat(id)?.Identity;

    private static (ProcessIdentity Identity, int Parent)? Stat(int id)
    {
        try
        {
            // The second field, the name, is in parentheses, and may contain spaces and parentheses.
            var stat = File.ReadAllText($"/proc/{id}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] is "Z" or "X"
                ? null
                : (new(id, long.Parse(fields[19], CultureInfo.InvariantCulture)), int.Parse(fields[1], CultureInfo.InvariantCulture));
        }
        catch (IOException)
        {
            return null;
        }
    }

    public static bool TryParse(string text, out ProcessIdentity identity)
    {
        identity = default;
        if (text.Split('-') is not [var id, var startTime]
            || !int.TryParse(id, CultureInfo.InvariantCulture, out var number)
            || !long.TryParse(startTime, CultureInfo.InvariantCulture, out var ticks))
            return false;

        identity = new(number, ticks);
        return true;
    }

    public override string ToString() => $"{Id}-{StartTime}";

    /// <summary>Asks the leader of a process group to end. Then kills the group, whether the leader has ended or not.</summary>
    public async Task EndAsync(Signal signal)
    {
        if (!IsAlive)
            return;

        // A paused process cannot end.
        var descendants = Descendants();
        Send(Signal.Continue, descendants);
        if (signal != Signal.Kill)
        {
            _ = Kill(Id, (int)signal);
            await WaitUntilGoneAsync();
        }

        // Signals the process too, because at first it does not lead its group yet, and children that lead their own groups.
        _ = Kill(Id, (int)Signal.Kill);
        _ = Kill(-Id, (int)Signal.Kill);
        Send(Signal.Kill, descendants);
        await WaitUntilGoneAsync();
    }

    /// <summary>Sends a signal to the process and to all its descendants.</summary>
    public void SendToTree(Signal signal) => Send(signal, [this, .. Descendants()]);

    private static void Send(Signal signal, IEnumerable<ProcessIdentity> processes)
    {
        foreach (var process in processes.Where(process => process.IsAlive))
            _ = Kill(process.Id, (int)signal);
    }

    private List<ProcessIdentity> Descendants()
    {
        var children = Directory.EnumerateDirectories("/proc")
            .Select(directory => int.TryParse(Path.GetFileName(directory), CultureInfo.InvariantCulture, out var id) ? Stat(id) : null)
            .OfType<(ProcessIdentity Identity, int Parent)>()
            .ToLookup(process => process.Parent, process => process.Identity);
        List<ProcessIdentity> found = [.. children[Id]];
        for (var next = 0; next < found.Count; next++)
            found.AddRange(children[found[next].Id]);
        return found;
    }

    private async Task WaitUntilGoneAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        var started = Stopwatch.GetTimestamp();
        while (IsAlive && Stopwatch.GetElapsedTime(started) < Patience)
            await timer.WaitForNextTickAsync();
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int id, int signal);
}

internal enum Signal
{
    Interrupt = 2,
    Quit = 3,
    Kill = 9,
    Terminate = 15,
    Continue = 18,
    Stop = 19,
}
