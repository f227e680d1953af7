using System.Text.Json;
using LeadSync.Cli.CommandLine;

namespace LeadSync.Cli.Sync;

/// <summary>The parts of the scheduler's <c>GET /status</c> that the command line reads.</summary>
/// <param name="InSync">The scheduler's verdict: whether the view shows what Zoho holds. The command line never decides this.</param>
internal sealed record SyncStatus(
    bool? InSync,
    SyncStatus.SentencePart Sentence,
    IReadOnlyList<SyncStatus.ReasonPart>? Reasons,
    DateTimeOffset At,
    string Phase,
    DateTimeOffset? LastGoodSync,
    bool Paused,
    SyncStatus.PausePart? Pause,
    bool HasLeader,
    DateTimeOffset? LastTickAt,
    IReadOnlyList<SyncStatus.ServicePart>? Services,
    SyncStatus.WaitingPart? Waiting,
    SyncStatus.WaitingPart? Rereads,
    SyncStatus.ChannelPart Channel,
    SyncStatus.RunPart? Run,
    SyncStatus.CatchUpPart CatchUp,
    SyncStatus.GapsPart Gaps,
    SyncStatus.ComparisonPart FullComparison,
    SyncStatus.RebuildPart? Rebuild,
    IReadOnlyDictionary<string, long>? Parked,
    SyncStatus.CreditsPart? Credits)
{
    public static async Task<(JsonElement Json, SyncStatus Status)> Read(SyncApi scheduler, CancellationToken ct)
    {
        var json = await scheduler.Get("status", ct)
            ?? throw scheduler.NoScheduler();
        try
        {
            return json.Deserialize<SyncStatus>(Answers.Json) is { Sentence: not null, InSync: not null } status
                ? (json, status)
                : throw new JsonException();
        }
        catch (JsonException)
        {
            throw new CommandException(
                ExitCode.Unreachable, $"There is no scheduler of this version at {scheduler.Address}: give its address with --url.");
        }
    }

    /// <param name="Tone"><c>good</c>, <c>busy</c> or <c>bad</c>.</param>
    internal sealed record SentencePart(string Tone, string Text);

    /// <param name="Help">The path of the runbook, below the scheduler's address.</param>
    internal sealed record ReasonPart(string Kind, string Tone, string Text, string Help);

    internal sealed record PausePart(DateTimeOffset Since, string? By, string? Reason);

    internal sealed record ServicePart(string Service, int Replicas, IReadOnlyList<string> Versions, DateTimeOffset? SeenAt);

    internal sealed record WaitingPart(long Count, DateTimeOffset? Oldest);

    internal sealed record ChannelPart(
        string? Id, bool IsOpen, bool IsLost, DateTimeOffset? ExpiresAt, DateTimeOffset? NextRenewal, bool IsSilent, string? Trouble);

    internal sealed record RunPart(
        string Purpose, DateTimeOffset StartedAt, int Rows, int RowsDone, double? RowsPerSecond, double? SecondsLeft,
            IReadOnlyList<PagePart> Pages);

    internal sealed record PagePart(
        int Page, string State, int? Rows, int? RowsDone, int? Parked, string? Trouble, int? Difference = null);

    internal sealed record CatchUpPart(
        Guid? Id, DateTimeOffset? Since, int? Pages, int? PagesProjected, DateTimeOffset? LastStartedAt, DateTimeOffset? Next, int Failures,
            string? Trouble,
        bool IsReadInBulk, IReadOnlyList<Guid> Ordered, IReadOnlyList<EndedPart> Ended);

    /// <param name="Outcome"><c>completed</c>, <c>failed</c>, <c>tooLarge</c>, <c>heldBack</c> or <c>dropped</c>.</param>
    internal sealed record EndedPart(Guid Id, string Outcome, string? Trouble, IReadOnlyList<Guid> Orders);

    internal sealed record GapsPart(IReadOnlyList<GapPart> Open, IReadOnlyList<GapPart> Recent);

    internal sealed record GapPart(string Cause, DateTimeOffset From, DateTimeOffset? To);

    internal sealed record ComparisonPart(
        ReadPart? LastRead, ComparedPart? LastCompared, ComparedPart? HeldBack, bool IsComparing, DateTimeOffset? Next,
            IReadOnlyList<Guid> Ordered, IReadOnlyList<EndedPart> Ended);

    internal sealed record ReadPart(Guid RunId, DateTimeOffset StartedAt);

    internal sealed record ComparedPart(Guid RunId, int Living, int Missing);

    internal sealed record CreditsPart(long? Used, long? Budget, long? Reserve, long? Left, DateTimeOffset? ResetsAt,
        IReadOnlyList<string>? Postponed);

    /// <param name="Outcome"><c>completed</c>, <c>failed</c>, or null while it runs.</param>
    /// <param name="Phase">In words, for people.</param>
    internal sealed record RebuildPart(
        Guid Id, string? Outcome, string Phase, long RowsDone, long? RowsTotal, double? RowsPerSecond, double? SecondsLeft,
            long? Differences, string? Table, string? Trouble, bool Undo = false, DateTimeOffset? AsOf = null);
}
