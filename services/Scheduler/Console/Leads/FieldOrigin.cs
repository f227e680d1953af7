namespace LeadSync.Scheduler.Console.Leads;

/// <summary>What one event says of one field.</summary>
/// <param name="Value">In canonical form; null for none.</param>
internal readonly record struct FieldValueSeen(long Version, DateTimeOffset ModifiedTime, DateTimeOffset ObservedAt, string? Value);

/// <summary>Which event gave a field the value that it has.</summary>
internal static class FieldOrigin
{
    /// <summary>
    /// Goes through a lead's events in the order in which they were recorded. One that is not the greatest content so far showed nothing in the
    /// view, so it set nothing.
    /// </summary>
    /// <returns>Null when the lead was never seen. The version is null as long as the field never had a value.</returns>
    public static (long? SetBy, string? Value, string? Before, int Changes)? Of(IEnumerable<FieldValueSeen> seen)
    {
        (long? SetBy, string? Value, string? Before, int Changes)? origin = null;
        (DateTimeOffset, DateTimeOffset) greatest = default;
        foreach (var one in seen)
        {
            if (origin is not null && (one.ModifiedTime, one.ObservedAt).CompareTo(greatest) < 0)
                continue;

            greatest = (one.ModifiedTime, one.ObservedAt);
            var before = origin ?? (null, null, null, 0);
            origin = one.Value == before.Value ? before : (one.Version, one.Value, before.Value, before.Changes + 1);
        }

        return origin;
    }
}

/// <summary>Why a field holds what it holds.</summary>
/// <param name="Field">Zoho's API name.</param>
/// <param name="Value">What the field holds, in canonical form; null for nothing.</param>
/// <param name="Before">What it held before.</param>
/// <param name="Changes">How often it has changed, its first value included.</param>
/// <param name="SetBy">The event that gave it the value; null when it never had one.</param>
internal sealed record FieldAnswer(string Id, string Field, string? Value, string? Before, int Changes, FieldAnswer.Event? SetBy)
{
    /// <param name="RecordedAt">When it was appended, our clock.</param>
    internal sealed record Event(
        long Version, string Source, DateTimeOffset ModifiedTime, DateTimeOffset ObservedAt, DateTimeOffset RecordedAt, string? TraceId, string? TraceUrl);
}
