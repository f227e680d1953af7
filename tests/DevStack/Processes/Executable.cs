using System.Diagnostics;
using LeadSync.TestSupport;

namespace LeadSync.DevStack.Processes;

internal static class Executable
{
    /// <summary>Runs a program to its end. When the program fails, the exception has its output.</summary>
    /// <returns>The program's output.</returns>
    public static async Task<string> RunAsync(ProcessStartInfo command, CancellationToken cancellationToken, TimeSpan? patience = null)
    {
        var result = await ProgramResult.RunAsync(command, cancellationToken, patience);
        return result.ExitCode == 0
            ? result.Output
            : throw new DevStackException(
                $"{command.FileName} {string.Join(' ', command.ArgumentList)} failed:\n{result.Output}{result.Error}");
    }

    /// <summary>
    /// The path of a program: the first pattern that exists, the newest version first; otherwise the place in <c>PATH</c>.
    /// </summary>
    /// <param name="name">The program's name.</param>
    /// <param name="patterns">Directories that <c>PATH</c> often lacks; one segment may be a <c>*</c> for a version.</param>
    public static string? Find(string name, params string[] patterns)
    {
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries);
        return patterns.SelectMany(Expand).Concat(path)
            .Select(directory => Path.Combine(directory, name))
            .FirstOrDefault(File.Exists);
    }

    private static IEnumerable<string> Expand(string pattern)
    {
        if (pattern.Split('*') is not [var before, var after])
            return [pattern];

        var parent = Path.GetDirectoryName(before)!;
        return Directory.Exists(parent)
            ? Directory.EnumerateDirectories(parent, Path.GetFileName(before) + "*")
                .OrderDescending(StringComparer.Ordinal)
                .Select(directory => directory + after)
            : [];
    }
}
