namespace LeadSync.Projector.Leads;

/// <summary>
/// What is known of one lead: the merge rule. Two registers, each of which only ever takes the greater value, so that the fold is
/// commutative, associative and idempotent: no order of arrival, no duplicate and no race between replicas changes the outcome.
/// </summary>
/// <param name="Content">The greatest content seen.</param>
/// <param name="LastSeen">The latest proof of life: <c>max(ObservedAt, ModifiedTime)</c> of what was seen.</param>
/// <param name="LastGone">The latest proof of absence.</param>
/// <param name="DeletedAt">The latest deletion that Zoho has named the time of.</param>
internal sealed record Lead(Content? Content, DateTimeOffset? LastSeen, DateTimeOffset? LastGone, DateTimeOffset? DeletedAt)
{
    public static Lead Unknown { get; } = new(null, null, null, null);

    /// <summary>A tombstone is never final: a later proof of life beats it, with or without a new modified time.</summary>
    public bool IsAlive => LastSeen is { } seen && (LastGone is not { } gone || seen > gone);

    public Lead Fold(Observation observation) => observation.Content is { } content
        ? this with
        {
            Content = Content is null || content.CompareTo(Content) > 0 ? content : Content,
            LastSeen = Later(LastSeen, Later(content.ObservedAt, content.ModifiedTime)),
        }
        : this with
        {
            LastGone = Later(LastGone, observation.ObservedAt),
            DeletedAt = Later(DeletedAt, observation.DeletedAt),
        };

    /// <summary>
    /// Whether an observation is an event: it changed the content, or whether the lead lives, or since when it does not. One that only confirms
    /// what is known is none.
    /// </summary>
    public static bool IsEvent(Lead before, Lead after) =>
        (after.Content is { } content && !content.Says(before.Content))
        || after.IsAlive != before.IsAlive
        || (!after.IsAlive && (after.DeletedAt != before.DeletedAt || before == Unknown));

    private static DateTimeOffset? Later(DateTimeOffset? a, DateTimeOffset? b) =>
        a is null || b > a ? b : a;
}

/// <summary>A lead's fields at one moment.</summary>
/// <param name="ModifiedTime">Zoho's, whole seconds.</param>
/// <param name="ObservedAt">The earliest moment, in Zoho's clock, that the answer can speak for.</param>
/// <param name="Hash">Of the fields, see <see cref="ContentHash"/>.</param>
internal sealed record Content(DateTimeOffset ModifiedTime, DateTimeOffset ObservedAt, Guid Hash, IReadOnlyDictionary<string, string?> Fields)
    : IComparable<Content>
{
    /// <summary>
    /// By modified time; two edits within a second are told apart by when they were observed; and if even that is equal,
    /// by the hash, so that every replica chooses the same one.
    /// </summary>
    public int CompareTo(Content? other) => other is null
        ? 1
        : (ModifiedTime, ObservedAt, Hash).CompareTo((other.ModifiedTime, other.ObservedAt, other.Hash));

    /// <summary>Whether both hold the same, whenever they were observed.</summary>
    public bool Says(Content? other) => other is not null && ModifiedTime == other.ModifiedTime && Hash == other.Hash;
}

/// <summary>What one answer of Zoho shows of a lead: it was seen with this content, or, without one, it was gone.</summary>
internal sealed record Observation(DateTimeOffset ObservedAt, Content? Content, DateTimeOffset? DeletedAt = null);
