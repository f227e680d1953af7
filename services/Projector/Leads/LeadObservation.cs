using System.Buffers;
using System.Diagnostics;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using LeadSync.Contracts;

namespace LeadSync.Projector.Leads;

/// <summary>An observation as <see cref="LeadStore"/> takes it: the registers' values, and the event to append if it is one.</summary>
/// <param name="ModifiedTime">Null when the lead was gone.</param>
/// <param name="Hash">Null when the lead was gone.</param>
/// <param name="DeletedAt">Null when the lead was seen.</param>
/// <param name="Event">The JSON of a <see cref="LeadSeen"/> or <see cref="LeadGone"/>.</param>
/// <param name="TraceParent">The W3C trace context to store with the event.</param>
internal sealed record LeadObservation(
    string Id,
    Source Source,
    DateTimeOffset ObservedAt,
    DateTimeOffset? ModifiedTime,
    Guid? Hash,
    DateTimeOffset? DeletedAt,
    string Event,
    string? TraceParent)
{
    public static LeadObservation Of(LeadChanged change, ActivityContext trace) =>
        OfMicroseconds(change with { ObservedAt = Microseconds(change.ObservedAt), DeletedAt = change.DeletedAt is { } at ? Microseconds(at) : null }, trace);

    private static LeadObservation OfMicroseconds(LeadChanged change, ActivityContext trace) => change.Content is { } content
        ? new(change.Id, change.Source, change.ObservedAt, content.ModifiedTime, ContentHash.Of(content.Fields), null,
            LeadEventJson.Seen(content.ModifiedTime, change.ObservedAt, change.Source, content.Fields), Traceparent(trace))
        : Gone(change, change.DeletedAt ?? change.ObservedAt, trace);

    // As PostgreSQL keeps times: what an event says has to be what the registers were set to, or a rebuild would come to another result.
    private static DateTimeOffset Microseconds(DateTimeOffset moment) => moment.AddTicks(-(moment.Ticks % TimeSpan.TicksPerMicrosecond));

    private static LeadObservation Gone(LeadChanged change, DateTimeOffset deletedAt, ActivityContext trace) =>
        new(change.Id, change.Source, change.ObservedAt, null, null, deletedAt,
            LeadEventJson.Gone(change.ObservedAt, change.Source, deletedAt), Traceparent(trace));

    public static string? Traceparent(ActivityContext trace) =>
        trace == default ? null : $"00-{trace.TraceId}-{trace.SpanId}-{(int)trace.TraceFlags:x2}";
}

/// <summary>Writes events as Marten's serializer would: the same JSON that it reads them from.</summary>
internal sealed class LeadEventJson : IDisposable
{
    private readonly ArrayBufferWriter<byte> buffer = new(2048);
    private readonly Utf8JsonWriter json;

    public LeadEventJson() =>
        json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true });

    public static string Seen(
        DateTimeOffset modifiedTime, DateTimeOffset observedAt, Source source, IReadOnlyDictionary<string, string?> fields)
    {
        using var writer = new LeadEventJson();
        writer.BeginSeen(modifiedTime, observedAt, source);
        foreach (var (name, value) in fields)
        {
            if (value is not null)
                writer.Field(JsonEncodedText.Encode(name, JavaScriptEncoder.UnsafeRelaxedJsonEscaping), Encoding.UTF8.GetBytes(value));
        }

        return writer.EndSeen();
    }

    public static string Gone(DateTimeOffset observedAt, Source source, DateTimeOffset deletedAt)
    {
        using var writer = new LeadEventJson();
        writer.json.WriteStartObject();
        writer.json.WriteString(nameof(LeadGone.ObservedAt), observedAt);
        writer.json.WriteString(nameof(LeadGone.Source), source.ToString());
        writer.json.WriteString(nameof(LeadGone.DeletedAt), deletedAt);
        return writer.End();
    }

    public void BeginSeen(DateTimeOffset modifiedTime, DateTimeOffset observedAt, Source source)
    {
        json.WriteStartObject();
        json.WriteString(nameof(LeadSeen.ModifiedTime), modifiedTime);
        json.WriteString(nameof(LeadSeen.ObservedAt), observedAt);
        json.WriteString(nameof(LeadSeen.Source), source.ToString());
        json.WriteStartObject(nameof(LeadSeen.Fields));
    }

    public void Field(JsonEncodedText name, ReadOnlySpan<byte> canonical) => json.WriteString(name, canonical);

    public string EndSeen()
    {
        json.WriteEndObject();
        return End();
    }

    /// <summary>As <see cref="EndSeen"/>, in UTF-8: valid until <see cref="Clear"/>, which has to follow.</summary>
    public ReadOnlySpan<byte> EndSeenUtf8()
    {
        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan;
    }

    public void Clear()
    {
        buffer.Clear();
        json.Reset(buffer);
    }

    public void Dispose() => json.Dispose();

    private string End()
    {
        json.WriteEndObject();
        json.Flush();
        var text = Encoding.UTF8.GetString(buffer.WrittenSpan);
        Clear();
        return text;
    }
}
