using LeadSync.ZohoSimulator.Fields;
using LeadSync.ZohoSimulator.Values;

namespace LeadSync.ZohoSimulator.Leads;

/// <summary>
/// A lead at one moment. Every change creates a new object, so that every reader sees a consistent record.
/// Memory holds only changed values (<see cref="Edits"/>); all others are computed from <see cref="Root"/>.
/// </summary>
internal sealed record Lead(long Id, DateTimeOffset CreatedTime, DateTimeOffset ModifiedTime)
{
    /// <summary>The source of all unedited values.</summary>
    public ulong Root { get; init; }

    /// <summary>Whether the lead was created by the API, so that all other values are empty.</summary>
    public bool IsBlank { get; init; }

    public LeadState State { get; init; }

    public Edit[]? Edits { get; init; }

    public UserRef ModifiedBy { get; init; } = Users.Api;

    public Deletion? Deletion { get; init; }

    public Conversion? Conversion { get; init; }

    /// <summary>The state that lagging reads still show.</summary>
    public Lead? Before { get; init; }

    /// <summary>When reads began to lag behind this state, as <see cref="TimeProvider.GetTimestamp"/>; 0 when they do not.</summary>
    public long ChangedAt { get; init; }

    public Lead With(IReadOnlyList<Edit> edits)
    {
        var untouched = Edits?.Where(old => edits.All(edit => edit.Field != old.Field)) ?? [];
        return this with { Edits = [.. untouched, .. edits] };
    }
}

internal enum LeadState : byte
{
    Active,
    Recycled,
    Purged,
}

/// <summary>A value that somebody has given a field.</summary>
internal readonly record struct Edit(Field Field, object? Value);

internal sealed record Deletion(DateTimeOffset Time, UserRef By);

internal sealed record Conversion(DateTimeOffset Time, LookupRef Account, LookupRef Contact, LookupRef? Deal);
