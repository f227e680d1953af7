namespace LeadSync.Contracts;

/// <summary>Asks the gateway to open the notification channel, or to renew it.</summary>
/// <param name="Lifetime">The lifetime to ask for, from now on. Zoho may grant less.</param>
/// <param name="After">Zoho's clock: the last renewal that the scheduler knows of. When the gateway has made a later one, its answer was
/// lost, and the gateway repeats it. Null renews in any case.</param>
/// <param name="NotAfter">The scheduler's clock: the gateway drops the command after this time, as it does every command. Null for
/// never.</param>
public sealed record RenewChannel(TimeSpan Lifetime, DateTimeOffset? After = null, DateTimeOffset? NotAfter = null);

/// <summary>The channel is open.</summary>
/// <param name="RenewedAt">When the request was sent, in Zoho's clock.</param>
/// <param name="ExpiresAt">The granted expiry, which may be earlier than the requested one.</param>
/// <param name="Reopened">Zoho no longer knew the channel. Notifications may have been missed since Zoho was last seen to have it.</param>
public sealed record ChannelRenewed(string ChannelId, DateTimeOffset RenewedAt, DateTimeOffset ExpiresAt, bool Reopened);

/// <summary>The channel could not be renewed this time.</summary>
public sealed record ChannelRenewalFailed(string Reason);

/// <summary>Asks the gateway whether Zoho still has the channel as the gateway opened it.</summary>
/// <param name="Listen">Asks as well whether leads were modified that no notification announced. If so, Zoho does not reach the
/// gateway.</param>
/// <param name="NotAfter">As in <see cref="RenewChannel"/>.</param>
public sealed record CheckChannel(bool Listen = false, DateTimeOffset? NotAfter = null);

/// <summary>Zoho still has the channel.</summary>
/// <param name="LatestModification">Zoho's clock: when a lead was last modified that a notification should have announced by now. Null when
/// there was none, or when the gateway did not look.</param>
/// <param name="HeardAt">Zoho's clock: when the gateway last accepted a notification, or began to receive. Null when the gateway does not
/// know.</param>
public sealed record ChannelConfirmed(
    DateTimeOffset CheckedAt, DateTimeOffset ExpiresAt, DateTimeOffset? LatestModification = null, DateTimeOffset? HeardAt = null);

/// <summary>Zoho does not have the channel, or its settings differ from those that the gateway sent.</summary>
public sealed record ChannelLost(DateTimeOffset CheckedAt, string Reason);
