using System.Diagnostics;

namespace LeadSync.DevStack.Processes;

internal static class Executable
{
    /// <summary>Runs a program to its end; fails with what it printed when that was no good end.</summary>
    public static async Task RunAsync(ProcessStartInfo command, CancellationToken cancellationToken)
    {
        command.RedirectStandardOutput = command.RedirectStandardError = true;
        using var process = Process.Start(command)!;
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var errors = process.StandardError.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            if (process.ExitCode != 0)
                throw new DevStackException($"{command.FileName} {string.Join(' ', command.ArgumentList)} failed:\n{await output}{await errors}");
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    /// <summary>The path of a program: the first of the patterns that exists, the newest version first; otherwise where <c>PATH</c> has it.</summary>
    /// <param name="name">The program's name.</param>
    /// <param name="patterns">Directories that <c>PATH</c> often lacks; one segment may hold a <c>*</c> for a version.</param>
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
