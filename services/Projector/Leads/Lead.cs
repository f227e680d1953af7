namespace LeadSync.Projector.Leads;

/// <summary>
/// What is known of one lead: the merge rule. Two registers, each of which only ever takes the greater value, so that the fold is
/// commutative, associative and idempotent: no order of arrival, no duplicate and no race between replicas changes the outcome.
/// </summary>
/// <param name="Content">The greatest content seen.</param>
/// <param name="LastSeen">The latest proof of life: <c>max(ObservedAt, ModifiedTime)</c> of what was seen.</param>
/// <param name="Absence">The latest proof of absence.</param>
internal sealed record Lead(Content? Content, DateTimeOffset? LastSeen, Absence? Absence)
{
    public static Lead Unknown { get; } = new(null, null, null);

    /// <summary>A tombstone is never final: a later proof of life beats it, with or without a new modified time.</summary>
    public bool IsAlive => LastSeen is { } seen && (Absence is not { } absence || seen > absence.ObservedAt);

    public Lead See(Content content) => this with
    {
        Content = content.CompareTo(Content) > 0 ? content : Content,
        LastSeen = new[] { LastSeen ?? DateTimeOffset.MinValue, content.ObservedAt, content.ModifiedTime }.Max(),
    };

    public Lead Miss(Absence absence) => absence.CompareTo(Absence) > 0 ? this with { Absence = absence } : this;

    /// <summary>
    /// Whether an observation is an event: it changed the content, or whether the lead lives, or since when it does not. One that only confirms
    /// what is known is none.
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

/// <summary>A proof that Zoho no longer had a lead.</summary>
/// <param name="ObservedAt">The earliest moment, in Zoho's clock, that the answer can speak for.</param>
/// <param name="DeletedAt">When it was deleted: what Zoho says, else when it was found gone.</param>
internal sealed record Absence(DateTimeOffset ObservedAt, DateTimeOffset DeletedAt) : IComparable<Absence>
{
    public int CompareTo(Absence? other) =>
        other is null ? 1 : (ObservedAt, DeletedAt).CompareTo((other.ObservedAt, other.DeletedAt));
}
