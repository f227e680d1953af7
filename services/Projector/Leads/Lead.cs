namespace LeadSync.Projector.Leads;

/// <summary>
/// What is known of one lead: the merge rule. Two registers, each of which only ever takes the greater value, so that the fold is
/// commutative, associative and idempotent: no order of arrival, no duplicate and no race between replicas changes the outcome.
/// </summary>
/// <param name="Content">The greatest content seen.</param>
/// <param name="LastSeen">The latest proof of life, see <see cref="Content.ProvesLife"/>.</param>
/// <param name="Absence">The latest proof of absence.</param>
public sealed record Lead(Content? Content, DateTimeOffset? LastSeen, Absence? Absence)
{
    /// <summary>The name of the lead's stream, if it was read from one: Marten wants every aggregate to have an identity.</summary>
    public string? Id { get; init; }

    /// <summary>A lead of which nothing has been observed.</summary>
    public static Lead Unknown { get; } = new(null, null, null);

    /// <summary>A tombstone is never final: a later proof of life beats it, with or without a new modified time.</summary>
    public bool IsAlive => LastSeen is { } seen && (Absence is not { } absence || seen > absence.ObservedAt);

    /// <summary>Zoho showed the lead.</summary>
    public Lead See(Content content) => this with
    {
        Content = content.CompareTo(Content) > 0 ? content : Content,
        LastSeen = LastSeen > content.ProvesLife ? LastSeen : content.ProvesLife,
    };

    /// <summary>Zoho no longer had the lead.</summary>
    public Lead Miss(Absence absence) => absence.CompareTo(Absence) > 0 ? this with { Absence = absence } : this;

    /// <summary>A complete bulk read showed the lead at a moment, as it was known: its content was still true, and it lived.</summary>
    /// <param name="at">Null when no bulk read did.</param>
    public Lead Sight(DateTimeOffset? at) => Content is null || at is not { } sighted ? this : this with
    {
        Content = Content.ObservedAt < sighted ? Content with { ObservedAt = sighted } : Content,
        LastSeen = LastSeen > sighted ? LastSeen : sighted,
    };

    /// <summary>
    /// Whether an observation is an event: it changed the content, it changed whether the lead lives, or it changed the time of the
    /// deletion. Any other observation confirms what is known, and is no event.
    /// </summary>
    public static bool IsEvent(Lead before, Lead after) =>
        (after.Content is { } content && !content.Says(before.Content))
        || after.IsAlive != before.IsAlive
        || (!after.IsAlive && after.Absence?.DeletedAt != before.Absence?.DeletedAt);
}

/// <summary>A lead's fields at one moment.</summary>
/// <param name="ModifiedTime">Zoho's, whole seconds.</param>
/// <param name="ObservedAt">The earliest moment, in Zoho's clock, that the answer can speak for.</param>
/// <param name="Hash">Of the fields, see <see cref="ContentHash"/>.</param>
/// <param name="Fields">Values by Zoho's API name in canonical form; null where only the fingerprint was loaded.</param>
public sealed record Content(
    DateTimeOffset ModifiedTime, DateTimeOffset ObservedAt, Guid Hash, IReadOnlyDictionary<string, string?>? Fields)
{
    // A row of a bulk read may have been modified after its job was created;
    // a job takes hours at most. A time far in the future proves nothing.
    private static readonly TimeSpan Foresight = TimeSpan.FromDays(1);

    /// <summary>The latest moment that proves the lead alive: when it was observed, or modified, at most a day later.</summary>
    public DateTimeOffset ProvesLife => ProofOfLife(ModifiedTime, ObservedAt);

    /// <summary>
    /// By modified time; two edits within a second are told apart by when they were observed; and if even that is equal,
    /// by the hash, so that every replica chooses the same one.
    /// </summary>
    public int CompareTo(Content? other) => other is null
        ? 1
        : (ModifiedTime, ObservedAt, Hash).CompareTo((other.ModifiedTime, other.ObservedAt, other.Hash));

    internal static DateTimeOffset ProofOfLife(DateTimeOffset modifiedTime, DateTimeOffset observedAt) =>
        modifiedTime <= observedAt ? observedAt
        : modifiedTime - observedAt <= Foresight ? modifiedTime : observedAt + Foresight;

    /// <summary>Whether both hold the same, whenever they were observed.</summary>
    public bool Says(Content? other) => other is not null && ModifiedTime == other.ModifiedTime && Hash == other.Hash;
}

/// <summary>A proof that Zoho no longer had a lead.</summary>
/// <param name="ObservedAt">The earliest moment, in Zoho's clock, that the answer can speak for.</param>
/// <param name="DeletedAt">When it was deleted: what Zoho says, else when it was found gone.</param>
public sealed record Absence(DateTimeOffset ObservedAt, DateTimeOffset DeletedAt)
{
    /// <summary>By when it was observed, then by when the lead was deleted.</summary>
    public int CompareTo(Absence? other) =>
        other is null ? 1 : (ObservedAt, DeletedAt).CompareTo((other.ObservedAt, other.DeletedAt));
}
