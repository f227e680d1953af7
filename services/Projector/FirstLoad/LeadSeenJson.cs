using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using LeadSync.Contracts;
using LeadSync.Projector.Leads;

namespace LeadSync.Projector.FirstLoad;

/// <summary>
/// Writes the same JSON for a <see cref="LeadSeen"/> as Marten's serializer, from the bytes of the row and without creating the object.
/// </summary>
internal sealed class LeadSeenJson : IDisposable
{
    private readonly ArrayBufferWriter<byte> buffer = new(2048);
    private readonly Utf8JsonWriter json;

    public LeadSeenJson() =>
        json = new Utf8JsonWriter(
            buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true });

    public void Begin(DateTimeOffset modifiedTime, DateTimeOffset observedAt, Source source)
    {
        json.WriteStartObject();
        json.WriteString(nameof(LeadSeen.ModifiedTime), modifiedTime);
        json.WriteString(nameof(LeadSeen.ObservedAt), observedAt);
        json.WriteString(nameof(LeadSeen.Source), source.ToString());
        json.WriteStartObject(nameof(LeadSeen.Fields));
    }

    public void Field(JsonEncodedText name, ReadOnlySpan<byte> canonical) => json.WriteString(name, canonical);

    /// <returns>Valid until <see cref="Clear"/>, which has to follow.</returns>
    public ReadOnlySpan<byte> End()
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
}
