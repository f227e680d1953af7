using System.Text.Json;
using LeadSync.Cli.CommandLine;

namespace LeadSync.Cli.Sync;

/// <summary>What the command line reads of the scheduler's <c>GET /status</c>; what an older one does not say is null.</summary>
internal sealed record SyncStatus(
    SyncStatus.SentencePart Sentence,
    DateTimeOffset At,
    string Phase,
    DateTimeOffset? LastGoodSync,
    bool Paused,
    SyncStatus.ChannelPart Channel,
    SyncStatus.RunPart? Run,
    SyncStatus.CatchUpPart CatchUp,
    SyncStatus.GapsPart Gaps,
    SyncStatus.ComparisonPart FullComparison,
    SyncStatus.RebuildPart? Rebuild,
    IReadOnlyDictionary<string, long>? Parked,
    SyncStatus.CreditsPart? Credits)
{
    public bool IsInSync => Phase == "in sync";

    public static async Task<(JsonElement Json, SyncStatus Status)> Read(SyncApi scheduler, CancellationToken ct)
    {
        var json = await scheduler.Get("status", ct)
            ?? throw scheduler.NoScheduler();
        try
        {
            return json.Deserialize<SyncStatus>(JsonSerializerOptions.Web) is { Sentence: not null } status
                ? (json, status)
                : throw new JsonException();
        }
        catch (JsonException)
        {
            throw new CommandException(ExitCode.Unreachable, $"At {scheduler.Address} is no scheduler of this version: give its address with --url.");
        }
    }

    /// <param name="Tone"><c>good</c>, <c>busy</c> or <c>bad</c>.</param>
    internal sealed record SentencePart(string Tone, string Text);

    internal sealed record ChannelPart(string? Id, bool IsOpen, DateTimeOffset? ExpiresAt, DateTimeOffset? NextRenewal, bool IsSilent, string? Trouble);

    internal sealed record RunPart(string Purpose, DateTimeOffset StartedAt, int Rows, int RowsDone, double? RowsPerSecond, double? SecondsLeft, IReadOnlyList<PagePart> Pages);

    internal sealed record PagePart(int Page, string State, int? Rows, int? RowsDone, int? Parked, string? Trouble);

    internal sealed record CatchUpPart(
        Guid? Id, DateTimeOffset? Since, int? Pages, int? PagesProjected, DateTimeOffset? LastStartedAt, DateTimeOffset? Next, int Failures, string? Trouble);

    internal sealed record GapsPart(IReadOnlyList<GapPart> Open, IReadOnlyList<GapPart> Recent);

    internal sealed record GapPart(string Cause, DateTimeOffset From, DateTimeOffset? To);

    internal sealed record ComparisonPart(ComparedPart? LastCompared, ComparedPart? HeldBack, bool IsComparing, DateTimeOffset? Next);

    internal sealed record ComparedPart(Guid RunId, int Living, int Missing);

    internal sealed record CreditsPart(long? Used, long? Budget, long? Left);

    internal sealed record RebuildPart(
        Guid Id, string Phase, long RowsDone, long? RowsTotal, double? RowsPerSecond, double? SecondsLeft, long? Differences, string? Table, string? Trouble);
}
