namespace LeadSync.Scheduler.Leads;

/// <summary>A field's value in one event.</summary>
/// <param name="Value">In canonical form; null for an empty field.</param>
internal readonly record struct FieldValueSeen(long Version, DateTimeOffset ModifiedTime, DateTimeOffset ObservedAt, string? Value);

/// <summary>Which event gave a field its present value.</summary>
internal static class FieldOrigin
{
    /// <summary>
    /// Goes through a lead's events in the order in which they were recorded. An event that was older than the content before it changed
    /// nothing in the view, so it set no value.
    /// </summary>
    /// <returns>Null when the lead was never seen. The version is null when the field never had a value.</returns>
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

/// <summary>Why a field holds its value.</summary>
/// <param name="Field">Zoho's API name.</param>
/// <param name="Value">The field's value, in canonical form; null for an empty field.</param>
/// <param name="Before">The value before.</param>
/// <param name="Changes">How often the field has changed, including its first value.</param>
/// <param name="SetBy">The event that set the value; null when the field never had one.</param>
internal sealed record FieldAnswer(string Id, string Field, string? Value, string? Before, int Changes, FieldAnswer.Event? SetBy)
{
    /// <param name="RecordedAt">When the event was appended: the database's clock.</param>
    internal sealed record Event(
        long Version, string Source, DateTimeOffset ModifiedTime, DateTimeOffset ObservedAt, DateTimeOffset RecordedAt, string? TraceId,
            string? TraceUrl);
}
