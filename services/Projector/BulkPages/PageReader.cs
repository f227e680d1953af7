using System.Buffers;
using System.Collections;
using System.Diagnostics;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using CsvHelper;
using LeadSync.Contracts;
using LeadSync.Projector.FirstLoad;
using LeadSync.Projector.Leads;
using LeadSync.Projector.LegacyView;

namespace LeadSync.Projector.BulkPages;

/// <summary>
/// Reads a page's rows one by one, and brings each into canonical form. Columns are found by name, whatever their order and case.
/// </summary>
internal sealed class PageReader : IDisposable
{
    // Longer than any row of leads; keeps an unclosed quote from taking the whole page into memory.
    private const int MaxRowSize = 16 << 20;

    private readonly CsvReader csv;
    private readonly int columnCount;
    private readonly int idColumn;
    private readonly int modifiedTimeColumn;
    private readonly (SyncedField Field, int Column, byte[] Name, JsonEncodedText Key)[] cells = [];
    private readonly (int Start, int Length)[] values = [];
    private readonly List<string> unknown = [];
    private readonly List<string> unread = [];
    private readonly ArrayBufferWriter<byte> row = new(4096);
    private readonly byte[] scratch = new byte[FieldValue.ScratchSize];
    private readonly LeadSeenJson json = new();
    private readonly List<Misfit> misfits = [];
    private readonly int fieldSet;

    private PageReader(CsvReader csv, FieldSet set)
    {
        this.csv = csv;
        fieldSet = set.Position;
        columnCount = csv.Headers.Count;
        if (columnCount == 0)
            return;

        idColumn = Column("Id") ?? throw new PageRejectedException("the header has no column Id");
        modifiedTimeColumn = Column("Modified_Time") ?? throw new PageRejectedException("the header has no column Modified_Time");
        cells =
        [
            .. from field in set.Fields
               let column = Column(field.Field.ApiName)
               where column is not null
               select (field, column.Value, Encoding.UTF8.GetBytes(field.Name),
                   JsonEncodedText.Encode(field.Name, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)),
        ];
        values = new (int, int)[cells.Length];
        Missing = [.. set.Fields.Select(field => field.Name).Except(cells.Select(cell => cell.Field.Name))];
    }

    /// <summary>The requested fields without a column in the file: unknown in every row, which is not the same as empty.</summary>
    public IReadOnlyList<string> Missing { get; } = [];

    /// <summary>The fields whose cells in the current row can mean more than one value: unknown as well.</summary>
    public IReadOnlyList<string> Unknown => unknown;

    /// <summary>The fields of <see cref="Unknown"/> whose cells are not empty: only the lead's own record tells their values.</summary>
    public IReadOnlyList<string> Unread => unread;

    /// <summary>The columns of the view that the page has, in the order of a row's values.</summary>
    public IReadOnlyList<Column> Columns => [.. cells.Select(cell => cell.Field.Column)];

    /// <summary>The row's position in the file, 0-based, without the header.</summary>
    public int Index { get; private set; } = -1;

    /// <summary>The row's first line in the file, 1-based, the header's being 1.</summary>
    public long Line => csv.LineNumber;

    public string Id { get; private set; } = "";

    /// <summary>Whether <see cref="Id"/> has the form of a record id.</summary>
    public bool HasRecordId => Id.Length is > 0 and <= 64 && Id.All(char.IsAsciiLetterOrDigit);

    /// <summary>Whether the row's quotes were wrong, so that it is kept in one cell.</summary>
    private bool IsMended => csv.FieldCount == 1 && columnCount > 1 && csv.RawRecord is [(byte)'"', ..];

    public DateTimeOffset ModifiedTime { get; private set; }

    public Guid Hash => ContentHash.Of(row.WrittenSpan);

    /// <summary>Why the row cannot be applied; null when it can. Holds no lead data.</summary>
    public string? Problem { get; private set; }

    /// <summary>The fields of the row that the view cannot show.</summary>
    public IReadOnlyList<Misfit> Misfits => misfits;

    /// <summary>The size of the row's values, in bytes.</summary>
    public int Size => row.WrittenCount;

    /// <summary>The row as it is in the file.</summary>
    public string Raw => IsMended ? csv.GetString(0) : Encoding.UTF8.GetString(csv.RawRecord);

    /// <exception cref="PageRejectedException">The header lacks a column that every page has.</exception>
    public static async Task<PageReader> Open(Stream csv, FieldSet set, CancellationToken ct)
    {
        var mended = new MendedStream(csv);
        await mended.ReadHeader(ct);
        var reader = CsvReader.Create(mended, new CsvReaderOptions
        {
            Separator = mended.Separator,
            TrackLineNumbers = true,
            IncludeValuesInExceptions = false,
            MaxRecordSize = MaxRowSize,
        });
        try
        {
            await reader.ReadHeaderAsync(ct);
            return new PageReader(reader, set);
        }
        catch (Exception e)
        {
            await reader.DisposeAsync();
            if (e is CsvFormatException)
                throw new PageRejectedException("the header of the CSV cannot be read", e);
            throw;
        }
    }

    public async ValueTask<bool> Read(CancellationToken ct)
    {
        if (!await Advance(ct))
            return false;

        Take();
        return true;
    }

    /// <summary>
    /// Reads on to the next wanted row. Skips the others without parsing their cells, which is most of the work.
    /// </summary>
    /// <param name="wanted">By <see cref="Index"/>.</param>
    public async ValueTask<bool> ReadNext(BitArray wanted, CancellationToken ct)
    {
        while (await Advance(ct))
        {
            if (!wanted[Index])
                continue;

            Take();
            return true;
        }

        return false;
    }

    /// <summary>The current row as an observation.</summary>
    public LeadObservation Observation(DateTimeOffset observedAt, ActivityContext trace)
    {
        var fields = new Dictionary<string, string?>(cells.Length);
        for (var i = 0; i < cells.Length; i++)
        {
            if (values[i].Length > 0)
                fields[cells[i].Field.Name] = Encoding.UTF8.GetString(row.WrittenSpan.Slice(values[i].Start, values[i].Length));
        }

        return new(
            Id, Source.BulkPage, new(ModifiedTime, observedAt, Hash, fields), null, fieldSet, Missing, [.. misfits],
            LeadObservation.Traceparent(trace))
        {
            Uncertain = [.. unknown],
            Unread = [.. unread],
        };
    }

    /// <summary>Adds the current row to a block of new leads.</summary>
    public void AddTo(NewLeadRows rows, DateTimeOffset observedAt, ActivityContext trace)
    {
        WriteSeen(observedAt);
        rows.Begin(Id, ModifiedTime, observedAt, Hash, json.End(), trace);
        json.Clear();
        foreach (var (start, length) in values)
            rows.Value(length == 0 ? [] : row.WrittenSpan.Slice(start, length));
        rows.End();
    }

    public void Dispose()
    {
        json.Dispose();
        csv.Dispose();
    }

    private async ValueTask<bool> Advance(CancellationToken ct)
    {
        try
        {
            Index++;
            return await csv.ReadAsync(ct);
        }
        catch (CsvFormatException e)
        {
            throw new PageRejectedException($"the CSV cannot be read beyond line {e.LineNumber}", e);
        }
    }

    private void Take()
    {
        row.ResetWrittenCount();
        unknown.Clear();
        unread.Clear();
        misfits.Clear();
        Id = IsMended ? MendedId() : csv.GetString(idColumn);
        Problem = ReadRow();
    }

    private string MendedId()
    {
        var text = csv.GetString(0).AsSpan().TrimStart('"');
        var digits = text.IndexOfAnyExceptInRange('0', '9');
        return idColumn == 0 && digits > 0 ? text[..digits].ToString() : "";
    }

    private void WriteSeen(DateTimeOffset observedAt)
    {
        json.Begin(ModifiedTime, observedAt, Source.BulkPage);
        for (var i = 0; i < cells.Length; i++)
        {
            if (values[i].Length > 0)
                json.Field(cells[i].Key, row.WrittenSpan.Slice(values[i].Start, values[i].Length));
        }
    }

    private string? ReadRow()
    {
        if (IsMended)
            return "The quotes of the row do not match.";
        if (csv.FieldCount != columnCount)
            return $"The row has {csv.FieldCount} cells, the header {columnCount}.";
        if (!HasRecordId)
            return "The cell of Id is not a record id.";
        if (!FieldValue.TryInstant(csv.GetSpan(modifiedTimeColumn), out var modifiedTime))
            return "The cell of Modified_Time is not an instant with an offset.";

        ModifiedTime = modifiedTime;
        for (var i = 0; i < cells.Length; i++)
            ReadCell(i);
        return null;
    }

    private void ReadCell(int index)
    {
        var (field, column, name, _) = cells[index];
        var cell = csv.GetSpan(column);
        if (!CellValue.TryRead(field.Field, cell, scratch, out var canonical))
        {
            unknown.Add(field.Name);
            if (!FieldValue.IsBlank(cell))
                unread.Add(field.Name);
            canonical = default;
        }
        else if (field.Misfit(canonical) is { } misfit)
        {
            misfits.Add(misfit);
        }

        var start = row.WrittenCount + name.Length + 1;
        ContentHash.Add(row, name, canonical);
        values[index] = (start, canonical.Length);
    }

    // Names may differ in case only: the exact spelling wins. A name that is there twice even so tells nothing.
    private int? Column(string name)
    {
        var exact = Indexes(header => header == name);
        var alike = exact.Count > 0 ? exact : Indexes(header => header.Equals(name, StringComparison.OrdinalIgnoreCase));
        return alike is [var only] ? only : null;
    }

    private List<int> Indexes(Predicate<string> isNamed) =>
        [.. Enumerable.Range(0, csv.Headers.Count).Where(index => isNamed(csv.Headers[index]))];
}
