using System.Buffers;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using LeadSync.ZohoSimulator.Clock;
using LeadSync.ZohoSimulator.Fields;
using LeadSync.ZohoSimulator.Values;

namespace LeadSync.ZohoSimulator.BulkRead;

/// <summary>Writes the cells of a result file: RFC 4180 in UTF-8.</summary>
internal sealed partial class CsvWriter(Dials dials, UserTime time, FieldCatalogue fields)
{
    private readonly ArrayBufferWriter<byte> buffer = new(1 << 17);
    private readonly byte[] separator = Encoding.UTF8.GetBytes(dials.BulkSeparator);
    private readonly byte[] endOfLine = dials.BulkCarriageReturns ? "\r\n"u8.ToArray() : "\n"u8.ToArray();
    private readonly SearchValues<char> special = SearchValues.Create(['"', '\r', '\n', .. dials.BulkSeparator]);
    private readonly bool quoteAll = dials.BulkQuotesEverything;
    private readonly string multiSelectSeparator = dials.BulkMultiSelectSeparator;
    private bool first = true;

    public int Buffered => buffer.WrittenCount;

    public async Task FlushAsync(Stream to, CancellationToken stop)
    {
        await to.WriteAsync(buffer.WrittenMemory, stop);
        buffer.ResetWrittenCount();
    }

    public void ByteOrderMark() => buffer.Write("\uFEFF"u8);

    public void EndRow()
    {
        buffer.Write(endOfLine);
        first = true;
    }

    public void Name(string name)
    {
        Separate();
        Text(name);
    }

    /// <summary>Writes a cell without quoting it.</summary>
    public void Raw(string cell)
    {
        Separate();
        Encoding.UTF8.GetBytes(cell, buffer);
    }

    public void Value(object? value, Column column)
    {
        Separate();
        switch (fields.Spelled(column.Field, value, dials.BulkPicklists))
        {
            case null:
                Text(dials.BulkBlank);
                break;
            case string text:
                Text(Written(text, column.Field));
                break;
            case bool flag:
                Text(dials.BulkBooleans.Split(',')[flag ? 0 : 1]);
                break;
            case long number when dials.BulkNumbersAreMarked && column.Field.ApiName != "id":
                Text(column.Field.DataType == "rollup_summary" ? $"{number}.00" : number.ToString("N0", CultureInfo.InvariantCulture));
                break;
            case long number:
                Number(number);
                break;
            case decimal number when dials.BulkNumbersAreMarked:
                Text(number.ToString("#,##0.00########", CultureInfo.InvariantCulture) + (column.Field.DataType == "percent" ? "%" : ""));
                break;
            case decimal number:
                // Money: 1500 is written as 1500.00.
                Number(column.Field.DataType == "currency" ? number + 0.00m : number);
                break;
            case DateTimeOffset instant:
                Instant(instant);
                break;
            case var other:
                Text(Flat(other!, column.Field));
                break;
        }
    }

    private string Written(string text, Field field)
    {
        if (field.IsRich)
        {
            text = dials.BulkRichTexts switch
            {
                RichTexts.Cut => text[..Math.Min(text.Length, 500)],
                RichTexts.WithoutMarks => RichTextMarks().Replace(text, ""),
                RichTexts.Blank => "",
                _ => text,
            };
        }

        text = dials.BulkTexts switch
        {
            SafeTexts.Guarded when text is ['=' or '+' or '-' or '@', ..] => $"'{text}",
            SafeTexts.Html => WebUtility.HtmlEncode(text),
            _ => text,
        };
        return dials.BulkLineEnds switch
        {
            LineEnds.Lf => text.Replace("\r\n", "\n", StringComparison.Ordinal),
            LineEnds.CrLf => text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace("\n", "\r\n", StringComparison.Ordinal),
            _ => text,
        };
    }

    private string Flat(object value, Field field)
    {
        var named = dials.BulkNames.Split(',').Contains(field.DataType);
        return value switch
        {
            UserRef user => named ? user.Name : user.Id,
            LookupRef record => named ? record.Name : record.Id,
            WizardRef wizard => wizard.Id,
            DateOnly date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            string[] chosen => string.Join(multiSelectSeparator, chosen),
            Tag[] tags => string.Join(',', tags.Select(tag => tag.Name)),
            TerritoryRef[] territories => string.Join(',', territories.Select(territory => named ? territory.Name : territory.Id)),
            _ => throw new InvalidOperationException($"A field cannot hold a {value.GetType().Name}"),
        };
    }

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex RichTextMarks();

    private void Separate()
    {
        if (!first)
            buffer.Write(separator);
        first = false;
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
        if (quoteAll)
            buffer.Write("\""u8);
        buffer.Write(text);
        if (quoteAll)
            buffer.Write("\""u8);
    }

    private void Text(string text)
    {
        if (!quoteAll && !text.AsSpan().ContainsAny(special))
        {
            Encoding.UTF8.GetBytes(text, buffer);
            return;
        }

        buffer.Write("\""u8);
        Encoding.UTF8.GetBytes(text.Contains('"') ? text.Replace("\"", "\"\"", StringComparison.Ordinal) : text, buffer);
        buffer.Write("\""u8);
    }
}
