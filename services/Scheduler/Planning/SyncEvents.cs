namespace LeadSync.Scheduler.Planning;

// What the scheduler itself records, beside the messages it receives. All times are the scheduler's clock, unless they say otherwise.
// The names and shapes of these records, and of the contracts among StoredEvents, are a storage contract: what was written stays readable.

/// <summary>A replica began to lead. What went on meanwhile is unknown, so a catch-up is due.</summary>
internal sealed record LeadershipTaken(DateTimeOffset At);

internal sealed record SyncPaused(DateTimeOffset At);

internal sealed record SyncResumed(DateTimeOffset At);

internal sealed record CatchUpOrdered(DateTimeOffset At);

internal sealed record FullComparisonOrdered(DateTimeOffset At);

/// <summary>An operator says that the leads which a comparison missed may be asked about, and so removed.</summary>
internal sealed record HeldComparisonReleased(Guid RunId, DateTimeOffset At);

internal sealed record HeldComparisonDropped(Guid RunId, DateTimeOffset At);

/// <param name="Undo">Back to the view before the last rebuild.</param>
/// <param name="AsOf">The view as it was then, beside the one that is read.</param>
internal sealed record RebuildOrdered(bool Undo, DateTimeOffset? AsOf, DateTimeOffset At);

internal sealed record RebuildViewSent(Guid RebuildId, DateTimeOffset At);

/// <param name="After">The renewal that this one is to follow, Zoho's clock; its answer may be on record before it is itself.</param>
internal sealed record RenewChannelSent(DateTimeOffset After, DateTimeOffset At);

internal sealed record CheckChannelSent(DateTimeOffset At);

/// <param name="ExpiredAt">Zoho's clock.</param>
internal sealed record ChannelExpired(DateTimeOffset ExpiredAt, DateTimeOffset At);

/// <param name="Attempt">1, and one more each time the run had to begin anew.</param>
internal sealed record BulkRunStarted(Guid RunId, BulkPurpose Purpose, DateTimeOffset? ModifiedSince, int Attempt, DateTimeOffset At);

internal sealed record StartBulkReadSent(Guid RunId, int Page, DateTimeOffset At);

internal sealed record CheckBulkJobSent(Guid RunId, int Page, string JobId, DateTimeOffset At);

internal sealed record CompareLeadsSent(Guid RunId, DateTimeOffset At);

/// <param name="Since">Zoho's clock, as is <paramref name="DeletedSince"/>.</param>
internal sealed record CatchUpStarted(Guid CatchUpId, DateTimeOffset Since, DateTimeOffset DeletedSince, DateTimeOffset At);

internal sealed record CatchUpSent(Guid CatchUpId, DateTimeOffset At);

/// <summary>A catch-up was looked at after a while, and had come further.</summary>
/// <param name="Pages">How many of its pages were projected by then.</param>
internal sealed record CatchUpAdvanced(Guid CatchUpId, int Pages, DateTimeOffset At);

internal sealed record GapClosed(Guid GapId, DateTimeOffset At);
