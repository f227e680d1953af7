using LeadSync.Cli.CommandLine;

namespace LeadSync.IntegrationTests.Surfaces;

/// <summary>What a person can know about a scheduler.</summary>
internal enum Sight
{
    /// <summary>The scheduler answers, and knows the state of the sync.</summary>
    Clear,

    /// <summary>The scheduler answers, and cannot read its database.</summary>
    Blind,

    /// <summary>No scheduler answers.</summary>
    Gone,
}

/// <summary>A situation of the sync, and the truth about it.</summary>
/// <param name="Name">As in <c>docs/what-you-see.md</c>.</param>
/// <param name="InSync">Whether the view shows what Zoho holds, for certain.</param>
/// <param name="Tone">As the console shows it: <c>good</c>, <c>busy</c> when nobody has to act yet, <c>bad</c> when somebody has to
/// act.</param>
/// <param name="Reason">The kind of the reason that has to be named, as <c>/status</c> writes it; null when there is none.</param>
internal sealed record Situation(string Name, bool InSync, string Tone, string? Reason = null)
{
    public Sight Sight { get; init; }

    /// <summary>The services that are not ready, or do not answer.</summary>
    public string[] NotReady { get; init; } = [];

    /// <summary>Whether nobody writes the row of <c>legacy.sync_status</c>, so that only its age tells the truth.</summary>
    public bool HasOldRow { get; init; }

    /// <summary>How <c>status --wait</c> has to end.</summary>
    public required Ending Status { get; init; }

    /// <summary>How <c>catch-up --wait</c> has to end.</summary>
    public required Ending CatchUp { get; init; }

    /// <summary>How <c>compare --wait</c> has to end.</summary>
    public required Ending Compare { get; init; }
}

/// <summary>How a command that waits has to end.</summary>
/// <param name="Code">Its exit code.</param>
/// <param name="Says">A part of its sentence.</param>
internal sealed record Ending(int Code, string Says)
{
    public static Ending InSync { get; } = new((int)ExitCode.Ok, "In sync");

    public static Ending CaughtUp { get; } = new((int)ExitCode.Ok, "Caught up.");

    public static Ending Compared { get; } = new((int)ExitCode.Ok, "Compared: 0 of 200 leads were missing in Zoho.");

    public static Ending No(string says) => new((int)ExitCode.No, says);

    public static Ending Unreachable(string says) => new((int)ExitCode.Unreachable, says);

    /// <summary>As in <c>docs/what-you-see.md</c>.</summary>
    public override string ToString() => $"{Code}: {(Says.EndsWith(' ') ? $"{Says}…" : Says)}";
}
