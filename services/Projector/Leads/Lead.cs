namespace LeadSync.Projector.Leads;

/// <summary>
/// What is known of one lead, and the merge rule. A lead has registers for its content, its life and its absence. Each register only takes
/// a greater value, so the fold is commutative, associative and idempotent: no order of arrival, no duplicate and no race between
/// replicas changes the outcome.
/// </summary>
/// <param name="Content">The greatest content seen.</param>
/// <param name="LastSeen">The latest proof of life, see <see cref="Content.ProvesLife"/>.</param>
/// <param name="Absence">The latest proof of absence.</param>
public sealed record Lead(Content? Content, DateTimeOffset? LastSeen, Absence? Absence)
{
    /// <summary>The name of the stream that the lead was read from; else null. Marten demands an identity of every aggregate.</summary>
    public string? Id { get; init; }

    /// <summary>A lead of which nothing has been observed.</summary>
    public static Lead Unknown { get; } = new(null, null, null);

    /// <summary>A tombstone is never final: a later proof of life overrides it, with or without a new modified time.</summary>
    public bool IsAlive => LastSeen is { } seen && (Absence is not { } absence || seen > absence.ObservedAt);

    /// <summary>Merges a content that Zoho showed.</summary>
    public Lead Observe(Content content) => this with
    {
        Content = content.CompareTo(Content) > 0 ? content : Content,
        LastSeen = LastSeen > content.ProvesLife ? LastSeen : content.ProvesLife,
    };

    /// <summary>Merges a proof that Zoho no longer had the lead.</summary>
    public Lead Observe(Absence absence) => absence.CompareTo(Absence) > 0 ? this with { Absence = absence } : this;

    /// <summary>Merges that a full comparison showed the lead with its known content: the content was still true, and the lead
    /// lived.</summary>
    /// <param name="at">Zoho's clock: when the full comparison showed the lead. Null when none did.</param>
    public Lead Confirm(DateTimeOffset? at) => Content is null || at is not { } sighted ? this : this with
    {
        Content = Content.ObservedAt < sighted ? Content with { ObservedAt = sighted } : Content,
        LastSeen = LastSeen > sighted ? LastSeen : sighted,
    };

    /// <summary>
    /// Whether an observation is an event: it changed the content, it changed whether the lead lives, or it changed the time of the
    /// deletion. Any other observation confirms what is known, and is no event.
    /// </summary>
    public static bool IsEvent(Lead before, Lead after) =>
        (after.Content is { } content && !content.SaysTheSameAs(before.Content))
        || after.IsAlive != before.IsAlive
        || (!after.IsAlive && after.Absence?.DeletedAt != before.Absence?.DeletedAt);
}

/// <summary>A lead's fields at one moment.</summary>
/// <param name="ModifiedTime">Zoho's modified time, in whole seconds.</param>
/// <param name="ObservedAt">The earliest moment, in Zoho's clock, that the answer can speak for.</param>
/// <param name="Hash">The fingerprint of the fields, see <see cref="ContentHash"/>.</param>
/// <param name="Fields">Values by Zoho's API name in canonical form; null where only the fingerprint was loaded.</param>
public sealed record Content(
    DateTimeOffset ModifiedTime, DateTimeOffset ObservedAt, Guid Hash, IReadOnlyDictionary<string, string?>? Fields)
{
    // A lead may be modified after Zoho has created the job whose page shows the lead. A job takes some hours at most, so a later modified
    // time proves nothing.
    private static readonly TimeSpan Foresight = TimeSpan.FromDays(1);

    /// <summary>The latest moment at which the lead provably lived: its observation, or its modification up to a day later.</summary>
    public DateTimeOffset ProvesLife => ProofOfLife(ModifiedTime, ObservedAt);

    /// <summary>
    /// Compares by modified time, then by the time of the observation, since modified times are whole seconds, then by the hash, so that
    /// every replica chooses the same content.
    /// </summary>
    public int CompareTo(Content? other) => other is null
        ? 1
        : (ModifiedTime, ObservedAt, Hash).CompareTo((other.ModifiedTime, other.ObservedAt, other.Hash));

    internal static DateTimeOffset ProofOfLife(DateTimeOffset modifiedTime, DateTimeOffset observedAt) =>
        modifiedTime <= observedAt ? observedAt
        : modifiedTime - observedAt <= Foresight ? modifiedTime : observedAt + Foresight;

    /// <summary>Whether both contents are equal, whenever they were observed.</summary>
    public bool SaysTheSameAs(Content? other) => other is not null && ModifiedTime == other.ModifiedTime && Hash == other.Hash;
}

/// <summary>A proof that Zoho no longer had a lead.</summary>
/// <param name="ObservedAt">The earliest moment, in Zoho's clock, that the answer can speak for.</param>
/// <param name="DeletedAt">Zoho's clock: when Zoho says that the lead was deleted, else when the gateway found it gone.</param>
public sealed record Absence(DateTimeOffset ObservedAt, DateTimeOffset DeletedAt)
{
    /// <summary>Compares by the time of the observation, then by the time of the deletion.</summary>
    public int CompareTo(Absence? other) =>
        other is null ? 1 : (ObservedAt, DeletedAt).CompareTo((other.ObservedAt, other.DeletedAt));
}
