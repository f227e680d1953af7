using System.Diagnostics;

namespace LeadSync.TestSupport;

/// <summary>What a program printed, and how it ended.</summary>
public sealed record ProgramResult(int ExitCode, string Output, string Error)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <summary>
    /// Runs a program to its end, with nothing to read.
    /// When it takes too long, or nobody waits any more, it is killed with all that it started.
    /// </summary>
    /// <exception cref="TimeoutException">It did not end in time, which is three minutes unless said otherwise.</exception>
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
