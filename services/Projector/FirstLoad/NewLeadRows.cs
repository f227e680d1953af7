using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using LeadSync.Projector.EventTables;
using LeadSync.Projector.Leads;
using LeadSync.Projector.LegacyView;

namespace LeadSync.Projector.FirstLoad;

/// <summary>
/// A block of new leads, as the rows that <see cref="NewLeads"/> copies. Can be cleared and filled again.
/// </summary>
internal sealed class NewLeadRows(IReadOnlyList<Column> columns, Module module)
{
    private readonly CopyText registers = new();
    private readonly CopyText streams = new();
    private readonly CopyText events = new();
    private readonly CopyText numberedEvents = new();
    private readonly CopyText view = new();
    private readonly byte[] prefix = Encoding.UTF8.GetBytes(module.Prefix);
    private readonly byte[] type = Encoding.UTF8.GetBytes(module.Seen);
    private readonly byte[] dotnetType = Encoding.UTF8.GetBytes(RecordedEvents.MartenName<LeadSeen>());

    public IReadOnlyList<Column> Columns => columns;

    public int Count { get; private set; }

    /// <summary>The size of a block, in bytes of its events.</summary>
    public int Size => events.Rows.Length;

    public DateTimeOffset LatestModified { get; private set; }

    public ReadOnlyMemory<byte> Registers => registers.Rows;

    public ReadOnlyMemory<byte> Streams => streams.Rows;

    public ReadOnlyMemory<byte> View => view.Rows;

    /// <summary>The events with their sequence numbers, one for each row.</summary>
    public ReadOnlyMemory<byte> Events(long[] numbers)
    {
        numberedEvents.Clear();
        var rest = events.Rows.Span;
        foreach (var number in numbers)
        {
            // A line break within a value is escaped.
            var length = rest.IndexOf((byte)'\n') + 1;
            numberedEvents.Value(number);
            numberedEvents.Raw(rest[..length]);
            rest = rest[length..];
        }

        return numberedEvents.Rows;
    }

    public void Clear()
    {
        Count = 0;
        registers.Clear();
        streams.Clear();
        events.Clear();
        view.Clear();
    }

    /// <summary>Begins a lead; its values in the order of <see cref="Columns"/> have to follow.</summary>
    /// <param name="seen">The JSON of its <see cref="LeadSeen"/>.</param>
    public void Begin(
        string id, DateTimeOffset modifiedTime, DateTimeOffset observedAt, Guid hash, ReadOnlySpan<byte> seen, ActivityContext trace)
    {
        Span<byte> key = stackalloc byte[prefix.Length + id.Length];
        prefix.CopyTo(key);
        Encoding.UTF8.GetBytes(id, key[prefix.Length..]);
        Span<byte> modified = stackalloc byte[32];
        modified = modified[..Instant(modifiedTime, modified)];
        Span<byte> observed = stackalloc byte[32];
        observed = observed[..Instant(observedAt, observed)];
        Span<byte> alive = stackalloc byte[32];
        alive = alive[..Instant(Content.ProofOfLife(modifiedTime, observedAt), alive)];

        registers.Value(key[prefix.Length..]).Value(modified).Value(observed).Value(hash)
            .Value(alive).Value(1).EndRow();
        streams.Value(key).Value(1).EndRow();
        // "now" is the transaction's time.
        events.Value(Guid.CreateVersion7()).Value(key).Value(1).Escaped(seen).Value(type).Value("now"u8).Value(dotnetType)
            .Text(trace == default ? null : $"{trace.TraceId}").Text(LeadObservation.Traceparent(trace)).EndRow();
        view.Value(key[prefix.Length..]).Value(modified);
        Count++;
        LatestModified = modifiedTime > LatestModified ? modifiedTime : LatestModified;
    }

    public void Value(ReadOnlySpan<byte> canonical)
    {
        if (canonical.IsEmpty)
            view.Null();
        else
            view.Escaped(canonical);
    }

    public void End() => view.EndRow();

    private static int Instant(DateTimeOffset instant, Span<byte> to)
    {
        instant.UtcDateTime.TryFormat(to, out var length, "yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture);
        return length;
    }
}

/// <summary>Rows in PostgreSQL's text format of <c>COPY</c>: values end with a tab, rows with a line break, <c>\N</c> is null.</summary>
internal sealed class CopyText
{
    private static readonly SearchValues<byte> Special = SearchValues.Create("\\\n\r\t"u8);

    private readonly ArrayBufferWriter<byte> buffer = new(1 << 16);
    private bool inRow;

    public ReadOnlyMemory<byte> Rows => buffer.WrittenMemory;

    public void Clear() => buffer.ResetWrittenCount();

    /// <summary>A text that needs no escapes.</summary>
    public CopyText Value(ReadOnlySpan<byte> plain)
    {
        Separate();
        buffer.Write(plain);
        return this;
    }

    public CopyText Value<T>(T value) where T : IUtf8SpanFormattable
    {
        Separate();
        value.TryFormat(buffer.GetSpan(64), out var length, default, CultureInfo.InvariantCulture);
        buffer.Advance(length);
        return this;
    }

    /// <summary>A text that needs no escapes, or null.</summary>
    public CopyText Text(string? plain)
    {
        Separate();
        Encoding.UTF8.GetBytes(plain ?? "\\N", buffer);
        return this;
    }

    public CopyText Escaped(ReadOnlySpan<byte> text)
    {
        Separate();
        for (int at; (at = text.IndexOfAny(Special)) >= 0; text = text[(at + 1)..])
        {
            buffer.Write(text[..at]);
            buffer.Write(text[at] switch { (byte)'\n' => "\\n"u8, (byte)'\r' => "\\r"u8, (byte)'\t' => "\\t"u8, _ => "\\\\"u8 });
        }

        buffer.Write(text);
        return this;
    }

    public CopyText Null() => Value("\\N"u8);

    public void EndRow()
    {
        buffer.Write("\n"u8);
        inRow = false;
    }

    /// <summary>The rest of a row, its end included.</summary>
    public void Raw(ReadOnlySpan<byte> rest)
    {
        Separate();
        buffer.Write(rest);
        inRow = false;
    }

    private void Separate()
    {
        if (inRow)
            buffer.Write("\t"u8);
        inRow = true;
    }
}
