namespace LeadSync.Scheduler.Planning;

// What the scheduler itself records, beside the messages it receives. All times are the scheduler's clock, unless they say otherwise.
// The names and shapes of these records, and of the contracts among StoredEvents, are a storage contract: what was written stays readable.

/// <summary>A replica began to lead. What went on meanwhile is unknown, so a catch-up is due.</summary>
/// <param name="By">The replica and its version.</param>
internal sealed record LeadershipTaken(DateTimeOffset At, string? By = null);

// An order says who gave it and why: a person's name from a trusted proxy, or the token that was shown; what the dialog or --reason said.

internal sealed record SyncPaused(DateTimeOffset At, string? By = null, string? Reason = null);

internal sealed record SyncResumed(DateTimeOffset At, string? By = null, string? Reason = null);

/// <param name="Id">Names the order, so that whoever gave it can wait for it.</param>
internal sealed record CatchUpOrdered(DateTimeOffset At, Guid Id = default, string? By = null, string? Reason = null);

/// <param name="Id">Names the order, so that whoever gave it can wait for it.</param>
internal sealed record FullComparisonOrdered(DateTimeOffset At, Guid Id = default, string? By = null, string? Reason = null);

/// <summary>An operator says that the leads which a comparison missed may be asked about, and so removed.</summary>
internal sealed record HeldComparisonReleased(Guid RunId, DateTimeOffset At, string? By = null, string? Reason = null);

internal sealed record HeldComparisonDropped(Guid RunId, DateTimeOffset At, string? By = null, string? Reason = null);

/// <summary>Parked items were replayed or dropped.</summary>
/// <param name="What">For people, for instance <c>dropped item 17</c>.</param>
internal sealed record ParkedHandled(string What, DateTimeOffset At, string? By = null, string? Reason = null);

/// <param name="Undo">Back to the view before the last rebuild.</param>
/// <param name="AsOf">The view as it was then, beside the one that is read.</param>
/// <param name="Retype">The field that gets a further column, of the type that it has in Zoho by now.</param>
internal sealed record RebuildOrdered(
    bool Undo, DateTimeOffset? AsOf, DateTimeOffset At, string? By = null, string? Reason = null, string? Retype = null);

internal sealed record RebuildViewSent(Guid RebuildId, DateTimeOffset At);

/// <param name="After">The renewal that this one is to follow, Zoho's clock; its answer may be on record before it is itself.</param>
internal sealed record RenewChannelSent(DateTimeOffset After, DateTimeOffset At);

/// <param name="Listens">The gateway was also asked whether leads were modified that no notification told of.</param>
internal sealed record CheckChannelSent(DateTimeOffset At, bool Listens = false);

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

/// <summary>A service runs in another version than before.</summary>
internal sealed record VersionSeen(string Service, string Version, DateTimeOffset At);
