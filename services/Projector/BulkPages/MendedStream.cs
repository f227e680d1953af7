using System.Text;

namespace LeadSync.Projector.BulkPages;

/// <summary>
/// A CSV file in which a row with wrong quotes ends where the next row begins. Without this, a quote that is never closed would merge all
/// following rows into one. Such a row becomes a row with a single cell, which holds its original text. All other rows stay as they are.
/// </summary>
internal sealed class MendedStream(Stream csv, int longestRow = MendedStream.LongestRow) : Stream
{
    // Longer than any row of leads: an opening quote without its end within this length is an error.
    private const int LongestRow = 4 << 20;

    // Zoho: a record id has 16 digits and more.
    private const int DigitsOfAnId = 15;

    private byte[] buffer = new byte[1 << 16];
    private int start;
    private int end;
    private bool isEnded;
    private int columns;
    private byte separator = (byte)',';
    private ReadOnlyMemory<byte> ready;

    /// <summary>The character between the cells. Known when <see cref="ReadHeader"/> has ended.</summary>
    public char Separator => (char)separator;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>Reads on to the end of the header. Zoho does not document the separator, and no name of a field holds one.</summary>
    public async Task ReadHeader(CancellationToken ct)
    {
        while (ready.IsEmpty && !TakeRows() && !isEnded)
            Filled(await csv.ReadAsync(Free(), ct));
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> to, CancellationToken cancellationToken = default)
    {
        while (ready.IsEmpty && !TakeRows() && !isEnded)
            Filled(await csv.ReadAsync(Free(), cancellationToken));
        return HandOut(to.Span);
    }

    public override int Read(Span<byte> to)
    {
        while (ready.IsEmpty && !TakeRows() && !isEnded)
            Filled(csv.Read(Free().Span));
        return HandOut(to);
    }

    public override int Read(byte[] to, int offset, int count) => Read(to.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            csv.Dispose();
        base.Dispose(disposing);
    }

    private int HandOut(Span<byte> to)
    {
        var length = Math.Min(ready.Length, to.Length);
        ready.Span[..length].CopyTo(to);
        ready = ready[length..];
        return length;
    }

    private Memory<byte> Free()
    {
        buffer.AsSpan(start..end).CopyTo(buffer);
        (start, end) = (0, end - start);
        if (end == buffer.Length)
            Array.Resize(ref buffer, buffer.Length * 2);
        return buffer.AsMemory(end);
    }

    private void Filled(int read)
    {
        end += read;
        isEnded = read == 0;
    }

    /// <summary>Finds the next rows; false when their end is not in the buffer yet.</summary>
    private bool TakeRows()
    {
        var rest = buffer.AsSpan(start..end);
        if (rest.IsEmpty)
            return false;

        // A line without quotes is a row, and most lines are such. Searching for quotes is much faster than parsing every cell.
        var quote = columns == 0 ? 0 : rest.IndexOf((byte)'"');
        var plain = quote < 0 && isEnded ? rest.Length : rest[..(quote < 0 ? rest.Length : quote)].LastIndexOf((byte)'\n') + 1;
        return plain > 0 ? Take(plain) : quote >= 0 && TakeQuoted(rest);
    }

    private bool TakeQuoted(ReadOnlySpan<byte> rest)
    {
        if (columns == 0 && rest.IndexOfAny(",;\t|\n"u8) is >= 0 and var first && rest[first] != '\n')
            separator = rest[first];
        var row = Row.Read(rest, separator, isEnded || rest.Length > longestRow);
        if (row.End == 0)
            return false;
        if (columns == 0)
        {
            columns = row.Cells;
            return Take(row.End);
        }

        if (row.IsSound && (row.Cells == columns || !rest[..row.End].TrimEnd("\r\n"u8).Contains((byte)'\n')))
            return Take(row.End);
        if (NextRow(rest) is not { } next)
            return false;

        ready = Quoted(rest[..next]);
        start += next;
        return true;
    }

    private bool Take(int length)
    {
        ready = buffer.AsMemory(start, length);
        start += length;
        return true;
    }

    /// <summary>The start of the row after one with wrong quotes; null while the buffer does not have it.</summary>
    private int? NextRow(ReadOnlySpan<byte> rest)
    {
        for (var at = 0; at < rest.Length;)
        {
            var line = rest[at..].IndexOf((byte)'\n');
            if (line < 0 || at + line + 1 == rest.Length)
                return isEnded || rest.Length > longestRow ? rest.Length : null;

            at += line + 1;
            var row = Row.Read(rest[at..], separator, isEnded || rest.Length - at > longestRow);
            if (BeginsWithId(rest[at..]))
                return at;
            // At the end of the buffer, a row that begins here may still turn out to be complete.
            if (row.End == 0)
                return null;
            if (row.IsSound && row.Cells == columns)
                return at;
        }

        return rest.Length;
    }

    // Zoho: the id is the first column.
    private bool BeginsWithId(ReadOnlySpan<byte> line)
    {
        line = line is [(byte)'"', ..] ? line[1..] : line;
        var digits = line.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        return digits >= DigitsOfAnId && (line[digits] == separator || line[digits] == '"');
    }

    private static byte[] Quoted(ReadOnlySpan<byte> row)
    {
        var text = Encoding.UTF8.GetString(row.TrimEnd("\r\n"u8));
        return Encoding.UTF8.GetBytes($"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"\n");
    }

    /// <summary>A row as RFC 4180 has it.</summary>
    /// <param name="End">The start of the next row; 0 while it is unknown.</param>
    /// <param name="IsSound">Whether every opening quote has a closing one, right before a separator or a line end.</param>
    private readonly record struct Row(int End, int Cells, bool IsSound)
    {
        public static Row Read(ReadOnlySpan<byte> text, byte separator, bool isAll)
        {
            for (int at = 0, cells = 1; ; cells++)
            {
                if (at < text.Length && text[at] == '"')
                {
                    at = Closed(text, at + 1);
                    if (at < 0)
                        return new Row(isAll ? text.Length : 0, cells, IsSound: false);
                    if (at < text.Length && text[at] != separator && text[at] is not ((byte)'\r' or (byte)'\n'))
                        return new Row(text.Length, cells, IsSound: false);
                }
                else
                {
                    at += text[at..].IndexOfAny(separator, (byte)'\r', (byte)'\n') is >= 0 and var length ? length : text.Length - at;
                }

                if (at == text.Length)
                    return new Row(isAll ? at : 0, cells, IsSound: true);
                if (text[at] == separator)
                {
                    at++;
                    continue;
                }

                var isPair = text[at] == '\r' && at + 1 < text.Length && text[at + 1] == '\n';
                return new Row(at + (isPair ? 2 : 1), cells, IsSound: true);
            }
        }

        /// <summary>The position after the quote that closes a cell; negative without such a quote.</summary>
        private static int Closed(ReadOnlySpan<byte> text, int at)
        {
            while (text[at..].IndexOf((byte)'"') is >= 0 and var quote)
            {
                at += quote + 1;
                if (at == text.Length || text[at] != '"')
                    return at;
                at++;
            }

            return -1;
        }
    }
}
