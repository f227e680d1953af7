using LeadSync.ZohoSimulator.Fields;
using LeadSync.ZohoSimulator.Values;

namespace LeadSync.ZohoSimulator.Leads;

/// <summary>
/// A lead at one moment. Every change makes a new object, so that every reader sees a consistent record.
/// Only what was changed is kept (<see cref="Edits"/>); all other values are computed from <see cref="Root"/>.
/// </summary>
internal sealed record Lead(long Id, DateTimeOffset CreatedTime, DateTimeOffset ModifiedTime)
{
    /// <summary>What the values that nobody has edited are computed from.</summary>
    public ulong Root { get; init; }

    /// <summary>Made through the API: what it was not given is empty.</summary>
    public bool IsBlank { get; init; }

    public LeadState State { get; init; }

    public Edit[]? Edits { get; init; }

    public UserRef ModifiedBy { get; init; } = Users.Api;

    public Deletion? Deletion { get; init; }

    public Conversion? Conversion { get; init; }

    /// <summary>What reads still show as long as they lag behind writes.</summary>
    public Lead? Before { get; init; }

    /// <summary>When reads began to lag behind this, as <see cref="TimeProvider.GetTimestamp"/>; 0 when they did not.</summary>
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
