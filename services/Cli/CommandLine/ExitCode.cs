namespace LeadSync.Cli.CommandLine;

/// <summary>The exit codes for scripts. README.md lists them.</summary>
internal enum ExitCode
{
    Ok = 0,

    /// <summary>The answer is no: not in sync, a check failed, not found.</summary>
    No = 1,

    /// <summary>The command line or the configuration is wrong.</summary>
    Usage = 2,

    /// <summary>The service did not answer, or answered with a failure of its own.</summary>
    Unreachable = 3,

    /// <summary>The action's token is missing or wrong.</summary>
    Refused = 4,

    Interrupted = 130,
}

/// <summary>Ends a command with a sentence for the operator.</summary>
internal sealed class CommandException(ExitCode exitCode, string message) : Exception(message)
{
    public ExitCode ExitCode { get; } = exitCode;

    /// <summary>The scheduler answered that it cannot see now: its database does not answer.</summary>
    public bool IsBlind { get; init; }
}
