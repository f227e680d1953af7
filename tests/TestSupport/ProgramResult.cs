using System.Diagnostics;

namespace LeadSync.TestSupport;

/// <summary>A program's output and exit code.</summary>
public sealed record ProgramResult(int ExitCode, string Output, string Error)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <summary>
    /// Runs a program to its end, with an empty standard input. Kills the program and its children when it takes too long or the call is
    /// cancelled.
    /// </summary>
    /// <exception cref="TimeoutException">The program did not end in time; the default is three minutes.</exception>
    public static async Task<ProgramResult> RunAsync(
        ProcessStartInfo command, CancellationToken cancellationToken, TimeSpan? patience = null)
    {
        command.RedirectStandardOutput = command.RedirectStandardError = command.RedirectStandardInput = true;
        using var process = Process.Start(command)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var error = process.StandardError.ReadToEndAsync(cancellationToken);
        try
        {
            await process.WaitForExitAsync(cancellationToken).WaitAsync(patience ?? Patience, cancellationToken);
            return new(process.ExitCode, await output, await error);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }
}
