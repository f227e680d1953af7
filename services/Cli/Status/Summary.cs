using System.Globalization;
using LeadSync.Cli.Sync;

namespace LeadSync.Cli.Status;

/// <summary>How the sync is doing, in one sentence that needs no further knowledge.</summary>
internal static class Summary
{
    public static string Of(SyncStatus status, DateTimeOffset now) => status switch
    {
        { HasLeader: false } => "Nobody plans: no scheduler leads. What is announced still arrives; start a scheduler.",
        { Paused: true } => "Paused. What is announced still arrives, nothing else is read until `resume`.",
        { Phase: "subscribing" } => $"Not listening: the notification channel is not open yet{Because(status.Channel.Trouble)}.",
        { Phase: "initial read" } => $"Reading every lead for the first time: {status.Run?.RowsProjected ?? 0:N0} of {status.Run?.Rows ?? 0:N0} rows that are known so far.",
        { Phase: "catching up", Gaps.Open: [var gap, ..] } => $"Catching up: {gap.Cause.TrimEnd('.')}, since {Ago(gap.From, now)}.",
        { Phase: "catching up" } => $"Catching up{Because(status.CatchUp.Trouble)}.",
        { Phase: "comparing" } => "In sync, and comparing every lead with Zoho.",
        { IsInSync: true, LastGoodSync: { } good } => $"In sync. A catch-up has verified everything up to {Ago(good, now)}.",
        _ => $"{status.Phase}.",
    };

    /// <summary>A distance in time, in the unit that a person would choose.</summary>
    public static string Span(TimeSpan span) => span.Duration() switch
    {
        { TotalSeconds: < 90 } s => string.Create(CultureInfo.InvariantCulture, $"{s.TotalSeconds:0} s"),
        { TotalMinutes: < 90 } s => string.Create(CultureInfo.InvariantCulture, $"{s.TotalMinutes:0} min"),
        { TotalHours: < 48 } s => string.Create(CultureInfo.InvariantCulture, $"{s.TotalHours:0} h"),
        var s => string.Create(CultureInfo.InvariantCulture, $"{s.TotalDays:0} days"),
    };

    public static string Ago(DateTimeOffset then, DateTimeOffset now) => then <= now ? $"{Span(now - then)} ago" : $"in {Span(then - now)}";

    public static string Instant(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string Because(string? trouble) => trouble is null ? "" : $" ({trouble.TrimEnd('.')})";
}
