namespace LeadSync.Scheduler.Planning;

// The events that the scheduler itself records, in addition to the messages that it receives. All times are the scheduler's clock, unless
// they say otherwise. The names and shapes of these records, and of the contracts among StoredEvents, are a storage contract: stored events
// stay readable.

/// <summary>A replica began to lead. Nobody knows what happened before, so a catch-up is due.</summary>
/// <param name="By">The replica and its version.</param>
internal sealed record LeadershipTaken(DateTimeOffset At, string? By = null);

// An action records its author and reason: the person whom a trusted proxy named, or the token that the caller showed; and the text of the
// dialog or of --reason.

internal sealed record SyncPaused(DateTimeOffset At, string? By = null, string? Reason = null);

internal sealed record SyncResumed(DateTimeOffset At, string? By = null, string? Reason = null);

/// <param name="Id">Identifies the action, so that its author can wait for it.</param>
internal sealed record CatchUpRequested(DateTimeOffset At, Guid Id = default, string? By = null, string? Reason = null);

/// <param name="Id">Identifies the action, so that its author can wait for it.</param>
internal sealed record FullComparisonRequested(DateTimeOffset At, Guid Id = default, string? By = null, string? Reason = null);

/// <summary>An operator has decided that the gateway may ask about the leads that a comparison missed, and that they may be
/// removed.</summary>
internal sealed record HeldComparisonReleased(Guid RunId, DateTimeOffset At, string? By = null, string? Reason = null);

internal sealed record HeldComparisonDropped(Guid RunId, DateTimeOffset At, string? By = null, string? Reason = null);

/// <summary>Parked items were replayed or dropped.</summary>
/// <param name="What">The action in words, for instance <c>dropped item 17</c>.</param>
internal sealed record ParkedHandled(string What, DateTimeOffset At, string? By = null, string? Reason = null);

/// <param name="Undo">Return to the view before the last rebuild.</param>
/// <param name="AsOf">Build the view as of this moment, in a separate table.</param>
/// <param name="Retype">The field for which a column of its present type in Zoho is added.</param>
internal sealed record RebuildRequested(
    bool Undo, DateTimeOffset? AsOf, DateTimeOffset At, string? By = null, string? Reason = null, string? Retype = null);

internal sealed record RebuildViewSent(Guid RebuildId, DateTimeOffset At);

/// <param name="After">Zoho's clock: the renewal that this one follows. The scheduler may record the answer before this
/// request.</param>
internal sealed record RenewChannelSent(DateTimeOffset After, DateTimeOffset At);

/// <param name="Listens">The gateway was also asked whether leads were modified that no notification announced.</param>
internal sealed record CheckChannelSent(DateTimeOffset At, bool Listens = false);

/// <param name="ExpiredAt">Zoho's clock.</param>
internal sealed record ChannelExpired(DateTimeOffset ExpiredAt, DateTimeOffset At);

/// <param name="Attempt">1, and one more each time the run had to begin again.</param>
internal sealed record BulkRunStarted(Guid RunId, BulkPurpose Purpose, DateTimeOffset? ModifiedSince, int Attempt, DateTimeOffset At);

internal sealed record StartBulkReadSent(Guid RunId, int Page, DateTimeOffset At);

internal sealed record CheckBulkJobSent(Guid RunId, int Page, string JobId, DateTimeOffset At);

internal sealed record CompareLeadsSent(Guid RunId, DateTimeOffset At);

/// <param name="Since">Zoho's clock, as is <paramref name="DeletedSince"/>.</param>
internal sealed record CatchUpStarted(Guid CatchUpId, DateTimeOffset Since, DateTimeOffset DeletedSince, DateTimeOffset At);

internal sealed record CatchUpSent(Guid CatchUpId, DateTimeOffset At);

/// <summary>The plan checked a catch-up after a while, and it had made progress.</summary>
/// <param name="Pages">How many of its pages were projected then.</param>
internal sealed record CatchUpAdvanced(Guid CatchUpId, int Pages, DateTimeOffset At);

internal sealed record GapClosed(Guid GapId, DateTimeOffset At);

/// <summary>A service runs in another version than before.</summary>
internal sealed record VersionSeen(string Service, string Version, DateTimeOffset At);
