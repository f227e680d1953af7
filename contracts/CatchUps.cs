namespace LeadSync.Contracts;

/// <summary>Asks the gateway to read what was modified and what was deleted at or after <paramref name="Since"/> (Zoho's clock).</summary>
/// <param name="DeletedSince">An earlier moment from which the gateway reads deletions, because a bulk read took the place of an earlier
/// catch-up and bulk reads never show deletions. Null means <paramref name="Since"/>.</param>
/// <param name="NotAfter">As in <see cref="RenewChannel"/>.</param>
/// <param name="Patience">The gateway gives the catch-up up when it has published nothing for this long; null for never.</param>
public sealed record CatchUp(
    Guid CatchUpId, DateTimeOffset Since, DateTimeOffset? DeletedSince = null, DateTimeOffset? NotAfter = null, TimeSpan? Patience = null);

/// <summary>Leads that a catch-up found, as they are now.</summary>
/// <param name="Page">1-based.</param>
public sealed record CatchUpPageReady(Guid CatchUpId, int Page, IReadOnlyList<LeadChanged> Leads);

/// <summary>A catch-up's page is folded.</summary>
public sealed record CatchUpPageProjected(Guid CatchUpId, int Page);

/// <summary>A catch-up has read everything; it is done when its pages are projected.</summary>
/// <param name="Until">The moment, in Zoho's clock, up to which it read everything.</param>
/// <param name="Pages">How many pages it published.</param>
/// <param name="Leads">How many leads they hold.</param>
/// <param name="LatestDeletion">Zoho's clock: the latest deletion that the catch-up found; null when there were none.</param>
/// <param name="LatestModification">Zoho's clock: the last modification that the catch-up found, of those that a notification should have
/// announced by now. Null when there were none.</param>
/// <param name="HeardAt">Zoho's clock: when the gateway last accepted a notification, or began to receive. Null when the gateway does not
/// know.</param>
/// <param name="AreDeletionsComplete">False when Zoho lists more deletions than the gateway can read: then <paramref name="Until"/> covers
/// only modifications.</param>
public sealed record CatchUpRead(
    Guid CatchUpId,
    DateTimeOffset Until,
    int Pages,
    int Leads,
    DateTimeOffset? LatestDeletion = null,
    DateTimeOffset? LatestModification = null,
    DateTimeOffset? HeardAt = null,
    bool AreDeletionsComplete = true);

/// <summary>More leads were modified than can be read one by one; a bulk read of the same window is cheaper.</summary>
/// <param name="LatestModification">As in <see cref="CatchUpRead"/>, of the leads that were listed before the catch-up stopped.</param>
/// <param name="HeardAt">As in <see cref="CatchUpRead"/>.</param>
public sealed record CatchUpTooLarge(
    Guid CatchUpId, DateTimeOffset Since, DateTimeOffset? LatestModification = null, DateTimeOffset? HeardAt = null);

/// <summary>A catch-up could not be finished this time.</summary>
public sealed record CatchUpFailed(Guid CatchUpId, string Reason);
