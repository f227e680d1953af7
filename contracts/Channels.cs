namespace LeadSync.Contracts;

/// <summary>Asks the gateway to open the notification channel, or to renew it.</summary>
/// <param name="Lifetime">How long it shall live from now; Zoho may grant less.</param>
public sealed record RenewChannel(TimeSpan Lifetime);

/// <summary>The channel is open.</summary>
/// <param name="RenewedAt">When the request was sent, in Zoho's clock.</param>
/// <param name="ExpiresAt">What Zoho granted, which may be less than was asked for.</param>
/// <param name="Reopened">Zoho no longer knew the channel that was to be renewed: notifications may have been missed since it was last seen.</param>
public sealed record ChannelRenewed(string ChannelId, DateTimeOffset RenewedAt, DateTimeOffset ExpiresAt, bool Reopened);

/// <summary>The channel could not be renewed this time.</summary>
public sealed record ChannelRenewalFailed(string Reason);

/// <summary>Asks the gateway whether Zoho still has the channel as we opened it.</summary>
public sealed record CheckChannel;

/// <summary>Zoho still has the channel.</summary>
public sealed record ChannelConfirmed(DateTimeOffset CheckedAt, DateTimeOffset ExpiresAt);

/// <summary>Zoho does not have the channel, or has it otherwise than we opened it.</summary>
public sealed record ChannelLost(DateTimeOffset CheckedAt, string Reason);
