using System.Buffers;
using System.Diagnostics;
using System.Text;
using LeadSync.Contracts;
using LeadSync.Projector.LegacyView;

namespace LeadSync.Projector.Leads;

/// <summary>What one answer of Zoho showed of one lead: either the lead's content or its absence.</summary>
/// <param name="FieldSet">The <see cref="FieldSet.Position"/> of the requested fields.</param>
/// <param name="Missing">Names of requested fields that the answer lacks. Their values are unknown, which is not the same as empty.</param>
/// <param name="Misfits">Fields whose values the view cannot show.</param>
/// <param name="TraceParent">The W3C trace context to store with the event.</param>
internal sealed record LeadObservation(
    string Id, Source Source, Content? Content, Absence? Absence, int FieldSet, IReadOnlyList<string> Missing,
    IReadOnlyList<Misfit> Misfits, string? TraceParent)
{
    /// <summary>Names of fields whose cells can mean more than one value.</summary>
    public IReadOnlyList<string> Uncertain { get; init; } = [];

    /// <summary>Those of the <see cref="Uncertain"/> fields that have a value. Only the lead's own record tells which.</summary>
    public IReadOnlyList<string> Unread { get; init; } = [];

    public DateTimeOffset ObservedAt => Content?.ObservedAt ?? Absence!.ObservedAt;

    /// <param name="set">The requested fields; null for a lead that is gone.</param>
    public static LeadObservation Of(LeadChanged change, FieldSet? set, ActivityContext trace)
    {
        var observedAt = Microseconds(change.ObservedAt);
        if (change.Content is not { } content || set is null)
        {
            var absence = new Absence(observedAt, Microseconds(change.DeletedAt ?? change.ObservedAt));
            return new(change.Id, change.Source, null, absence, 0, [], [], Traceparent(trace));
        }

        var (fields, misfits) = (new Dictionary<string, string?>(), new List<Misfit>());
        Span<byte> scratch = stackalloc byte[FieldValue.ScratchSize];
        foreach (var field in set.Fields)
        {
            if (content.Fields.GetValueOrDefault(field.Field.ApiName) is not { } value)
                continue;

            if (field.Read(Encoding.UTF8.GetBytes(value), scratch, out var canonical) is { } misfit)
                misfits.Add(misfit);
            if (!canonical.IsEmpty)
                fields[field.Name] = Encoding.UTF8.GetString(canonical);
        }

        return new(
            change.Id, change.Source, new(Microseconds(content.ModifiedTime), observedAt, ContentHash.Of(fields), fields), null,
            set.Position,
            [.. set.Fields.Where(field => !content.Fields.ContainsKey(field.Field.ApiName)).Select(field => field.Name)], misfits,
            Traceparent(trace));
    }

    /// <summary>The observation, completed by the known values of the fields that the answer lacks.</summary>
    public LeadObservation Complete(IReadOnlyCollection<string> unknown, IReadOnlyDictionary<string, string?>? known)
    {
        var values = unknown.Where(name => known?.GetValueOrDefault(name) is not null && Content?.Fields?.ContainsKey(name) == false)
            .ToArray();
        if (values.Length == 0)
            return this;

        var fields = Content!.Fields!.ToDictionary();
        foreach (var name in values)
            fields[name] = known![name];
        return this with { Content = Content with { Fields = fields, Hash = ContentHash.Of(fields) } };
    }

    public static string? Traceparent(ActivityContext trace) =>
        trace == default ? null : $"00-{trace.TraceId}-{trace.SpanId}-{(int)trace.TraceFlags:x2}";

    // PostgreSQL keeps microseconds. The events must hold the same times as the registers, or a rebuild would come to another result.
    private static DateTimeOffset Microseconds(DateTimeOffset moment) => moment.AddTicks(-(moment.Ticks % TimeSpan.TicksPerMicrosecond));
}
