using LeadSync.Contracts;

namespace LeadSync.Scheduler.Planning;

/// <summary>The notification channel as the scheduler knows it. Of two messages about it, the one about the later moment counts.</summary>
internal sealed record Channel
{
    /// <summary>Null until Zoho has opened it for the first time.</summary>
    public string? Id { get; init; }

    /// <summary>When it was last opened or renewed, Zoho's clock.</summary>
    public DateTimeOffset RenewedAt { get; init; }

    /// <summary>The expiry that Zoho granted, Zoho's clock.</summary>
    public DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The last moment at which Zoho was known to have it.</summary>
    public DateTimeOffset GoodAt { get; init; }

    /// <summary>When Zoho was last found not to have it.</summary>
    public DateTimeOffset? LostAt { get; init; }

    /// <summary>The expiry that was recorded as passed.</summary>
    public DateTimeOffset? ExpiryNoted { get; init; }

    /// <summary>The number of renewals requested since the last success.</summary>
    public int RenewalsSent { get; init; }

    public DateTimeOffset RenewalSentAt { get; init; }

    /// <summary>Why the last requested renewal failed; null while there is no answer.</summary>
    public string? RenewalFailure { get; init; }

    public DateTimeOffset CheckSentAt { get; init; }

    /// <summary>When the gateway was last asked whether leads were modified that no notification announced.</summary>
    public DateTimeOffset ListenSentAt { get; init; }

    /// <summary>Zoho's clock: when a lead was last modified that no notification announced; null once a later notification
    /// arrived.</summary>
    public DateTimeOffset? SilentSince { get; init; }

    public bool IsSilent => SilentSince is not null;

    public TimeSpan GrantedLife => ExpiresAt - RenewedAt;

    public bool IsLost => LostAt > RenewedAt;

    public bool IsOpenAt(DateTimeOffset now) => Id is not null && !IsLost && now < ExpiresAt;

    public Channel On(RenewChannelSent sent) =>
        RenewedAt > sent.After ? this : this with { RenewalsSent = RenewalsSent + 1, RenewalSentAt = sent.At, RenewalFailure = null };

    public Channel On(ChannelRenewed renewed) => this with
    {
        Id = renewed.ChannelId,
        RenewedAt = renewed.RenewedAt,
        ExpiresAt = GoodAt > renewed.RenewedAt ? ExpiresAt : renewed.ExpiresAt,
        GoodAt = GoodAt > renewed.RenewedAt ? GoodAt : renewed.RenewedAt,
        RenewalsSent = 0,
        RenewalFailure = null,
    };

    // A failure that arrives after a successful renewal belongs to an earlier attempt, and is ignored.
    public Channel On(ChannelRenewalFailed failed) => RenewalsSent > 0 ? this with { RenewalFailure = failed.Reason } : this;

    public Channel On(CheckChannelSent sent) => this with { CheckSentAt = sent.At, ListenSentAt = sent.Listens ? sent.At : ListenSentAt };

    /// <summary>Whether leads were modified while the channel was open, and no notification arrived then or later.</summary>
    /// <param name="latestModification">Zoho's clock; so long ago that a notification should have announced it.</param>
    public bool WasSilent(DateTimeOffset? latestModification, DateTimeOffset? heardAt) =>
        Id is not null && !IsLost && latestModification > heardAt && latestModification > RenewedAt;

    public Channel On(ChannelConfirmed confirmed) =>
        confirmed.CheckedAt > GoodAt && Id is not null ? this with { GoodAt = confirmed.CheckedAt, ExpiresAt = confirmed.ExpiresAt } : this;
}
