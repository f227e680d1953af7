using LeadSync.Contracts;

namespace LeadSync.Scheduler.Planning;

/// <summary>Plans a rebuild of the view when somebody asks for one, also while the sync is paused: a rebuild does not need Zoho.</summary>
internal static class RebuildPlan
{
    // The broker keeps the command until the projector has carried it out. If the broker lost the command, the plan sends it again after
    // this pause.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    public static IEnumerable<Dispatch> Commands(SyncState state, DateTimeOffset now)
    {
        if (state.Rebuild is { IsRunning: true } rebuild && !(now < rebuild.HeardOfAt + Patience))
            yield return (new RebuildView(rebuild.Id, rebuild.Undo, rebuild.AsOf, rebuild.Retype), new RebuildViewSent(rebuild.Id, now));
    }
}

/// <summary>The rebuild that was asked for last.</summary>
/// <param name="Undo">Whether the rebuild returns to the view before the last rebuild.</param>
/// <param name="AsOf">The moment for which the rebuild creates a separate table; null for the view itself.</param>
/// <param name="Retype">The field for which a column is added first.</param>
internal sealed record Rebuild(Guid Id, bool Undo, DateTimeOffset? AsOf, DateTimeOffset OrderedAt, string? Retype = null)
{
    /// <summary>When it was sent or last made progress; null before it is sent.</summary>
    public DateTimeOffset? HeardOfAt { get; init; }

    public ViewRebuildProgressed? Progress { get; init; }

    public ViewRebuilt? Result { get; init; }

    public string? Failure { get; init; }

    /// <summary>Null while it runs.</summary>
    public Outcome? Outcome => this switch
    {
        { Result: not null } => Planning.Outcome.Completed,
        { Failure: not null } => Planning.Outcome.Failed,
        _ => null,
    };

    public bool IsRunning => Outcome is null;

    public static Rebuild? On(Rebuild? last, RebuildRequested requested) => last is { IsRunning: true }
        ? last
        : new(DerivedId.From("rebuild", 0, requested.At), requested.Undo, requested.AsOf, requested.At, requested.Retype);

    public Rebuild On(RebuildViewSent sent) => sent.RebuildId == Id ? this with { HeardOfAt = sent.At } : this;

    public Rebuild On(ViewRebuildProgressed progress) => progress.RebuildId == Id && IsRunning && !(progress.At < Progress?.At)
        ? this with { Progress = progress, HeardOfAt = Moments.Later(HeardOfAt, progress.At) }
        : this;

    public Rebuild On(ViewRebuilt result) => result.RebuildId == Id && IsRunning ? this with { Result = result } : this;

    public Rebuild On(ViewRebuildFailed failed) => failed.RebuildId == Id && IsRunning ? this with { Failure = failed.Reason } : this;
}
