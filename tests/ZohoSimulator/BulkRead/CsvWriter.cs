using System.Buffers;
using System.Globalization;
using System.Text;
using LeadSync.ZohoSimulator.Clock;
using LeadSync.ZohoSimulator.Values;

namespace LeadSync.ZohoSimulator.BulkRead;

/// <summary>Writes the cells of a result file: RFC 4180 in UTF-8.</summary>
internal sealed class CsvWriter(Dials dials, UserTime time)
{
    private readonly ArrayBufferWriter<byte> _buffer = new(1 << 17);
    private readonly byte[] _separator = Encoding.UTF8.GetBytes(dials.BulkSeparator);
    private readonly byte[] _endOfLine = dials.BulkCarriageReturns ? "\r\n"u8.ToArray() : "\n"u8.ToArray();
    private readonly SearchValues<char> _special = SearchValues.Create(['"', '\r', '\n', .. dials.BulkSeparator]);
    private readonly bool _quoteAll = dials.BulkQuotesEverything;
    private readonly string _multiSelectSeparator = dials.BulkMultiSelectSeparator;
    private bool _first = true;

    public int Buffered => _buffer.WrittenCount;

    public async Task FlushAsync(Stream to, CancellationToken stop)
    {
        await to.WriteAsync(_buffer.WrittenMemory, stop);
        _buffer.ResetWrittenCount();
    }

    public void ByteOrderMark() => _buffer.Write("\uFEFF"u8);

    public void EndRow()
    {
        _buffer.Write(_endOfLine);
        _first = true;
    }

    /// <param name="atLeastCents">For money: 1500 is written as 1500.00.</param>
    public void Value(object? value, bool atLeastCents)
    {
        Separate();
        switch (value)
        {
            case null:
                Text("");
                break;
            case string text:
                Text(text);
                break;
            case bool flag:
                Plain(flag ? "true"u8 : "false"u8);
                break;
            case long number:
                Number(number);
                break;
            case decimal number:
                Number(atLeastCents ? number + 0.00m : number);
                break;
            case DateTimeOffset instant:
                Instant(instant);
                break;
            default:
                Text(Flat(value));
                break;
        }
    }

    private string Flat(object value) => value switch
    {
        UserRef user => user.Id,
        LookupRef record => record.Id,
        DateOnly date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        string[] chosen => string.Join(_multiSelectSeparator, chosen),
        Tag[] tags => string.Join(',', tags.Select(tag => tag.Name)),
        _ => throw new InvalidOperationException($"A field cannot hold a {value.GetType().Name}"),
    };

    private void Separate()
    {
        if (!_first)
            _buffer.Write(_separator);
        _first = false;
    }

    private void Number<T>(T number)
        where T : IUtf8SpanFormattable
    {
        Span<byte> digits = stackalloc byte[40];
        number.TryFormat(digits, out var length, default, CultureInfo.InvariantCulture);
        Plain(digits[..length]);
    }

    private void Instant(DateTimeOffset instant)
    {
        Span<byte> text = stackalloc byte[UserTime.Length];
        time.Write(instant, text);
        Plain(text);
    }

    private void Plain(ReadOnlySpan<byte> text)
    {
        if (_quoteAll)
            _buffer.Write("\""u8);
        _buffer.Write(text);
        if (_quoteAll)
            _buffer.Write("\""u8);
    }

    private void Text(string text)
    {
        if (!_quoteAll && !text.AsSpan().ContainsAny(_special))
        {
            Encoding.UTF8.GetBytes(text, _buffer);
            return;
        }

        _buffer.Write("\""u8);
        Encoding.UTF8.GetBytes(text.Contains('"') ? text.Replace("\"", "\"\"", StringComparison.Ordinal) : text, _buffer);
        _buffer.Write("\""u8);
    }
}
