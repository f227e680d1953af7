using System.Globalization;
using LeadSync.Contracts;
using LeadSync.Scheduler.Planning;
using LeadSync.Scheduler.Recording;
using LeadSync.Scheduler.Status;
using LeadSync.ServiceDefaults;

namespace LeadSync.Scheduler.Log;

/// <summary>One line of the log of the sync.</summary>
/// <param name="Number">The entry's place in the stream. Missing numbers are events that no person needs to read.</param>
/// <param name="At">When the event was recorded: the database's clock.</param>
/// <param name="By">Who started the action; null for an event that nobody started.</param>
/// <param name="Reason">The reason that this person gave.</param>
internal sealed record LogEntry(long Number, DateTimeOffset At, Tone Tone, string Text, string? By = null, string? Reason = null)
{
    /// <returns>Null for an event that only the plan needs, such as the check of the channel every two minutes.</returns>
    public static LogEntry? Of(RecordedEvent recorded) => recorded.Event switch
    {
        LeadershipTaken e => new LogEntry(recorded.Version, recorded.At, Tone.Good, "A scheduler became the leader.", e.By),
        VersionSeen e => new LogEntry(recorded.Version, recorded.At, Tone.Good, $"The {e.Service} now runs version {e.Version}."),
        SyncPaused e => new LogEntry(recorded.Version, recorded.At, Tone.Busy, "The sync was paused.", e.By, e.Reason),
        SyncResumed e => new LogEntry(recorded.Version, recorded.At, Tone.Good, "The sync was resumed.", e.By, e.Reason),
        CatchUpRequested e => new LogEntry(recorded.Version, recorded.At, Tone.Good, "A catch-up was requested.", e.By, e.Reason),
        FullComparisonRequested e => new LogEntry(
            recorded.Version, recorded.At, Tone.Good, "A full comparison was requested.", e.By, e.Reason),
        HeldComparisonReleased e => new LogEntry(
            recorded.Version, recorded.At, Tone.Busy, "The comparison that was held back was released.", e.By, e.Reason),
        HeldComparisonDropped e => new LogEntry(
            recorded.Version, recorded.At, Tone.Good, "The comparison that was held back was dropped.", e.By, e.Reason),
        RebuildRequested e => new LogEntry(recorded.Version, recorded.At, Tone.Good, e switch
        {
            { Undo: true } => "A return to the view before the last rebuild was requested.",
            { Retype: { } field } => $"A new column for {field} was requested.",
            { AsOf: { } then } => $"The view as of {Moment(then)} was requested.",
            _ => "A rebuild of the view was requested.",
        }, e.By, e.Reason),
        ParkedHandled e => new LogEntry(recorded.Version, recorded.At, Tone.Good, e.What, e.By, e.Reason),

        ChannelRenewed e => new LogEntry(recorded.Version, recorded.At, Tone.Good,
            $"The notification channel was {(e.Reopened ? "opened again" : "renewed")}, until {Moment(e.ExpiresAt)}."),
        ChannelRenewalFailed e => new LogEntry(recorded.Version, recorded.At, Tone.Bad,
            $"The notification channel could not be renewed: {e.Reason}"),
        ChannelLost e => new LogEntry(recorded.Version, recorded.At, Tone.Bad, $"The notification channel was lost: {e.Reason}"),
        ChannelExpired e => new LogEntry(recorded.Version, recorded.At, Tone.Bad,
            $"The notification channel expired at {Moment(e.ExpiredAt)}."),
        GapDetected e => new LogEntry(recorded.Version, recorded.At, Tone.Bad,
            $"Changes from {Moment(e.From)} to {Moment(e.To)} may be missing. {e.Cause}"),
        GapClosed => new LogEntry(
            recorded.Version, recorded.At, Tone.Good, "A gap is closed: everything that may have been missing was read."),

        BulkRunStarted e => new LogEntry(recorded.Version, recorded.At, e.Attempt > 1 ? Tone.Busy : Tone.Good, Words(e.Purpose)
            + (e.Attempt > 1 ? $" began again, attempt {e.Attempt}." : " began.")),
        BulkJobFailed e => new LogEntry(recorded.Version, recorded.At, Tone.Bad, $"Page {e.Page} of the bulk read failed: {e.Reason}"),
        BulkPageRejected e => new LogEntry(recorded.Version, recorded.At, Tone.Bad,
            $"Page {e.Page} of the bulk read could not be used: {e.Reason}"),
        BulkPageProjected e => new LogEntry(recorded.Version, recorded.At, e.Difference == 0 ? Tone.Good : Tone.Busy,
            $"Page {e.Page} of the bulk read is in the view: {InWords.Count(e.Applied, "lead")} changed"
            + (e.Parked > 0 ? $", {InWords.Count(e.Parked)} parked." : ".")
            + (e.Difference == 0 ? ""
                : $" Two files of it had {InWords.Count(Math.Abs(e.Difference))} rows {(e.Difference > 0 ? "more" : "fewer")} than Zoho "
                    + "counts.")),
        LeadsCompared e => new LogEntry(recorded.Version, recorded.At, e.HeldBack ? Tone.Bad : Tone.Good,
            $"The full comparison found {InWords.Count(e.Missing)} of {InWords.Count(e.Living)} leads missing in Zoho"
            + (e.HeldBack ? " and is held back." : ".")),

        ViewRebuilt e => new LogEntry(recorded.Version, recorded.At, Tone.Good, e.SwappedAt is null
            ? $"The view as of the requested moment is in {e.Table}, with {InWords.Count(e.Rows)} leads."
            : $"The view was exchanged; {InWords.Count(e.Differences)} leads differ from the view before."),
        ViewRebuildFailed e => new LogEntry(recorded.Version, recorded.At, Tone.Bad, $"The rebuild failed: {e.Reason}"),

        CatchUpRead e => new LogEntry(recorded.Version, recorded.At, Tone.Good,
            $"A catch-up read everything up to {Moment(e.Until)}: "
            + (e.Pages == 0 ? "nothing had changed." : $"{InWords.Count(e.Leads, "lead")}, on {InWords.Count(e.Pages, "page")}.")),
        CatchUpPageProjected e => new LogEntry(recorded.Version, recorded.At, Tone.Good, $"Page {e.Page} of a catch-up is in the view."),
        CatchUpTooLarge => new LogEntry(recorded.Version, recorded.At, Tone.Busy,
            "Too many leads were modified for a catch-up: a bulk read replaces it."),
        CatchUpFailed e => new LogEntry(recorded.Version, recorded.At, Tone.Bad, $"A catch-up failed: {e.Reason}"),
        _ => null,
    };

    private static string Words(BulkPurpose purpose) => purpose switch
    {
        BulkPurpose.InitialRead => "The first read of every lead",
        BulkPurpose.FullComparison => "A full comparison",
        _ => "A catch-up in bulk",
    };

    private static string Moment(DateTimeOffset moment) =>
        moment.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
}
