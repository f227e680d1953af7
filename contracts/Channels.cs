namespace LeadSync.Contracts;

/// <summary>Asks the gateway to open the notification channel, or to renew it.</summary>
/// <param name="Lifetime">How long it shall live from now; Zoho may grant less.</param>
/// <param name="After">The last renewal that the scheduler knows of, Zoho's clock. Where there is a later one, its answer got lost, and is given once more;
/// null renews whatever was before.</param>
/// <param name="NotAfter">Until when it is worth doing, the scheduler's clock, as of every command; null for always.</param>
public sealed record RenewChannel(TimeSpan Lifetime, DateTimeOffset? After = null, DateTimeOffset? NotAfter = null);

/// <summary>The channel is open.</summary>
/// <param name="RenewedAt">When the request was sent, in Zoho's clock.</param>
/// <param name="ExpiresAt">What Zoho granted, which may be less than was asked for.</param>
/// <param name="Reopened">Zoho no longer knew the channel that was to be renewed: notifications may have been missed since it was last seen.</param>
public sealed record ChannelRenewed(string ChannelId, DateTimeOffset RenewedAt, DateTimeOffset ExpiresAt, bool Reopened);

/// <summary>The channel could not be renewed this time.</summary>
public sealed record ChannelRenewalFailed(string Reason);

/// <summary>Asks the gateway whether Zoho still has the channel as we opened it.</summary>
/// <param name="Listen">Asks as well whether leads were modified that no notification told of: then Zoho does not reach us.</param>
/// <param name="NotAfter">As in <see cref="RenewChannel"/>.</param>
public sealed record CheckChannel(bool Listen = false, DateTimeOffset? NotAfter = null);

/// <summary>Zoho still has the channel.</summary>
/// <param name="LatestModification">When a lead was last modified, Zoho's clock, of which a notification should have told by now; null
/// when none was, or
/// when nobody looked.</param>
/// <param name="HeardAt">When the last notification was accepted, Zoho's clock, or listening began; null when nobody knows.</param>
public sealed record ChannelConfirmed(
    DateTimeOffset CheckedAt, DateTimeOffset ExpiresAt, DateTimeOffset? LatestModification = null, DateTimeOffset? HeardAt = null);

/// <summary>Zoho does not have the channel, or has it otherwise than we opened it.</summary>
public sealed record ChannelLost(DateTimeOffset CheckedAt, string Reason);
