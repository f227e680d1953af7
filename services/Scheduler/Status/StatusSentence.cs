using System.Globalization;
using LeadSync.Scheduler.Planning;
using LeadSync.ServiceDefaults;

namespace LeadSync.Scheduler.Status;

/// <summary>How the sync is doing, in one sentence for a person who was just woken up.</summary>
/// <param name="Tone"><c>good</c>: nothing to do; <c>busy</c>: it repairs itself; <c>bad</c>: somebody has to do something.</param>
internal sealed record StatusSentence(string Tone, string Text)
{
    private const string Good = "good";
    private const string Busy = "busy";
    private const string Bad = "bad";

    public static StatusSentence Of(StatusReport status) => status switch
    {
        { HasLeader: false } => new(Bad, "No scheduler is in charge: live changes still arrive, but nothing is renewed or repaired."),
        { Paused: true } => new(Busy, "Paused: live changes still arrive, but nothing is caught up until you resume."),
        { Channel: { IsOpen: false } channel } => Closed(channel, status.LastGoodSync),
        { LastGoodSync: null } => new(Busy, FirstRead(status.Run)),
        { CatchUp: { Failures: > 1 } catchUp } => new(Bad, $"Catching up has failed {catchUp.Failures} times in a row and is tried again{In(catchUp.Next, status.At)}. {catchUp.Trouble}"),
        { Phase: "catching up" } when status.Gaps.Open.Count > 0 => new(Busy, Missed(status.Gaps.Open, status.At)),
        { Phase: "catching up" } => new(Busy, "Catching up: asking Zoho what has changed since the last time."),
        { FullComparison.HeldBack: { } held } =>
            new(Bad, $"Held back: a comparison would remove {Number(held.Missing)} of {Number(held.Living)} leads. Release it or drop it."),
        _ => InSync(status),
    };

    private static StatusSentence Closed(StatusReport.ChannelReport channel, DateTimeOffset? lastGoodSync) => channel switch
    {
        { Trouble: { } trouble } => new(Bad, $"Zoho does not open the notification channel: {trouble}"),
        _ when lastGoodSync is null => new(Busy, "Opening the notification channel."),
        _ => new(Busy, "The notification channel is down and is being opened again; what is missed is caught up afterwards."),
    };

    private static string FirstRead(StatusReport.RunReport? run) => run is { Rows: > 0 }
        ? $"Reading every lead for the first time: {Number(run.RowsDone)} of {Number(run.Rows)} so far."
        : "Reading every lead for the first time: waiting for Zoho's export.";

    private static string Missed(IReadOnlyList<Gap> gaps, DateTimeOffset now)
    {
        var from = gaps.Min(gap => gap.From);
        var to = gaps.Max(gap => gap.To ?? now);
        return $"Catching up: {InWords.Span(to - from)} missed {Why(gaps)}";
    }

    private static string Why(IReadOnlyList<Gap> gaps) => gaps.Select(gap => gap.Cause).Distinct().ToList() switch
    {
        [var cause] when cause.Contains("channel", StringComparison.Ordinal) => "while the channel was down.",
        [var cause] when cause.Contains("No gateway", StringComparison.Ordinal) => "while no gateway was up.",
        [var cause] when cause.Contains("crashed", StringComparison.Ordinal) => "when a gateway crashed.",
        [var cause] when cause.Contains("refused", StringComparison.Ordinal) => "while notifications could not be taken in.",
        [var cause] => $"perhaps. {cause}",
        var causes => $"for {causes.Count} reasons.",
    };

    private static StatusSentence InSync(StatusReport status)
    {
        var last = (status.At - status.LastChange?.ModifiedTime) switch
        {
            null => " No change yet.",
            { TotalSeconds: < 1 } => " Last change just now.",
            { } ago => $" Last change {InWords.Span(ago)} ago.",
        };
        var comparing = status.Phase == "comparing" ? " Comparing every lead with Zoho." : "";
        return (status.Parked.Values.Sum(), status.Credits.Postponed.Count) switch
        {
            ( > 0 and var parked, _) => new(Bad, $"In sync but for {(parked == 1 ? "one parked item" : $"{parked} parked items")}.{last}{comparing}"),
            _ when status.Channel.IsSilent => new(Busy, $"In sync, but late: Zoho announces nothing, so changes come with catch-ups only.{last}"),
            (_, > 0) => new(Busy, $"In sync.{last} What is due waits for API credits."),
            _ => new(Good, $"In sync.{last}{comparing}"),
        };
    }

    private static string Number(int number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string In(DateTimeOffset? next, DateTimeOffset now) => next > now ? $" in {InWords.Span(next.Value - now)}" : "";
}
