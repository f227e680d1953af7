using System.Globalization;
using LeadSync.Scheduler.Planning;
using LeadSync.Scheduler.Status;

namespace LeadSync.Scheduler.Console;

/// <summary>How the sync is doing, in one sentence for a person who was just woken up.</summary>
/// <param name="Tone"><c>good</c>: nothing to do; <c>busy</c>: it repairs itself; <c>bad</c>: somebody has to do something.</param>
internal sealed record StatusSentence(string Tone, string Text)
{
    private const string Good = "good";
    private const string Busy = "busy";
    private const string Bad = "bad";

    /// <param name="lastModified">The modified time of the newest change that was applied; null when none was.</param>
    /// <param name="rowsDone">How many rows of the bulk read that goes on are settled.</param>
    public static StatusSentence Of(StatusReport status, DateTimeOffset? lastModified, int? rowsDone, DateTimeOffset now) => status switch
    {
        { HasLeader: false } => new(Bad, "No scheduler is in charge: live changes still arrive, but nothing is renewed or repaired."),
        { Paused: true } => new(Busy, "Paused: live changes still arrive, but nothing is caught up until you resume."),
        { Channel: { IsOpen: false } channel } => Closed(channel, status.LastGoodSync),
        { LastGoodSync: null } => new(Busy, FirstRead(status.Run, rowsDone)),
        { CatchUp: { Failures: > 1 } catchUp } => new(Bad, $"Catching up has failed {catchUp.Failures} times in a row and is tried again{In(catchUp.Next, now)}. {catchUp.Trouble}"),
        { Phase: "catching up" } when status.Gaps.Open.Count > 0 => new(Busy, Missed(status.Gaps.Open, now)),
        { Phase: "catching up" } => new(Busy, "Catching up: asking Zoho what has changed since the last time."),
        { FullComparison.HeldBack: { } held } =>
            new(Bad, $"Held back: a comparison would remove {Number(held.Missing)} of {Number(held.Living)} leads. Release it or drop it."),
        _ => InSync(status, lastModified, now),
    };

    private static StatusSentence Closed(StatusReport.ChannelReport channel, DateTimeOffset? lastGoodSync) => channel switch
    {
        { Trouble: { } trouble } => new(Bad, $"Zoho does not open the notification channel: {trouble}"),
        _ when lastGoodSync is null => new(Busy, "Opening the notification channel."),
        _ => new(Busy, "The notification channel is down and is being opened again; what is missed is caught up afterwards."),
    };

    private static string FirstRead(StatusReport.RunReport? run, int? rowsDone) => run is { Rows: > 0 }
        ? $"Reading every lead for the first time: {Number(rowsDone ?? run.RowsProjected)} of {Number(run.Rows)} so far."
        : "Reading every lead for the first time: waiting for Zoho's export.";

    private static string Missed(IReadOnlyList<Gap> gaps, DateTimeOffset now)
    {
        var from = gaps.Min(gap => gap.From);
        var to = gaps.Max(gap => gap.To ?? now);
        return $"Catching up: {Span(to - from)} missed {Why(gaps)}";
    }

    private static string Why(IReadOnlyList<Gap> gaps) => gaps.Select(gap => gap.Cause).Distinct().ToList() switch
    {
        [var cause] when cause.Contains("channel", StringComparison.Ordinal) => "while the channel was down.",
        [var cause] when cause.Contains("No gateway", StringComparison.Ordinal) => "while no gateway was up.",
        [var cause] when cause.Contains("refused", StringComparison.Ordinal) => "while notifications could not be taken in.",
        [var cause] => $"perhaps. {cause}",
        var causes => $"for {causes.Count} reasons.",
    };

    private static StatusSentence InSync(StatusReport status, DateTimeOffset? lastModified, DateTimeOffset now)
    {
        var last = lastModified switch
        {
            null => " No change yet.",
            var modified when now - modified < TimeSpan.FromSeconds(1) => " Last change just now.",
            var modified => $" Last change {Span(now - modified.Value)} ago.",
        };
        var comparing = status.Phase == "comparing" ? " Comparing every lead with Zoho." : "";
        return (status.Parked.Values.Sum(), status.Credits.Postponed.Count) switch
        {
            ( > 0 and var parked, _) => new(Bad, $"In sync but for {(parked == 1 ? "one parked item" : $"{parked} parked items")}.{last}{comparing}"),
            (_, > 0) => new(Busy, $"In sync.{last} What is due waits for API credits."),
            _ => new(Good, $"In sync.{last}{comparing}"),
        };
    }

    private static string Number(int number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string In(DateTimeOffset? next, DateTimeOffset now) => next > now ? $" in {Span(next.Value - now)}" : "";

    /// <summary>A span as people say it: its greatest unit, and the next one only where it matters.</summary>
    internal static string Span(TimeSpan span) => span switch
    {
        { TotalSeconds: < 1 } => "0 s",
        { TotalMinutes: < 1 } => $"{(int)span.TotalSeconds} s",
        { TotalMinutes: < 2 } => $"1 minute",
        { TotalHours: < 1 } => $"{(int)span.TotalMinutes} minutes",
        { TotalDays: < 1 } => $"{(int)span.TotalHours} h {span.Minutes} min",
        _ => $"{(int)span.TotalDays} d {span.Hours} h",
    };
}
