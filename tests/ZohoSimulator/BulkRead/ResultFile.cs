using System.IO.Compression;
using LeadSync.ZohoSimulator.Clock;
using LeadSync.ZohoSimulator.Fields;
using LeadSync.ZohoSimulator.Leads;

namespace LeadSync.ZohoSimulator.BulkRead;

/// <summary>Writes a job's zip while it is downloaded, row by row, without holding it in memory.</summary>
internal sealed class ResultFile(FieldCatalogue fields, Dials dials, UserTime time)
{
    private const int FlushAt = 1 << 16;

    /// <param name="half">Called when half of the rows are written.</param>
    public async Task WriteAsync(BulkJob job, IReadOnlyList<Lead> rows, Stream to, Func<Task> half, CancellationToken stop)
    {
        await using var zip = await ZipArchive.CreateAsync(to, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, stop);
        if (job.Damage == BulkDamage.EmptyZip)
            return;

        await WriteEntryAsync(zip, job, rows, half, stop);
        if (job.Damage == BulkDamage.TwoEntries)
            await WriteEntryAsync(zip, job, [], () => Task.CompletedTask, stop);
    }

    private async Task WriteEntryAsync(ZipArchive zip, BulkJob job, IReadOnlyList<Lead> rows, Func<Task> half, CancellationToken stop)
    {
        var entry = zip.CreateEntry($"{job.Id}.csv", CompressionLevel.Fastest);
        await using var file = await entry.OpenAsync(stop);
        if (rows.Count == 0 && dials.BulkEmpty == BulkEmpty.Nothing)
            return;

        var csv = new CsvWriter(dials, time, fields);
        var columns = BulkColumns.Of(job, fields);
        if (dials.BulkByteOrderMark)
            csv.ByteOrderMark();
        WriteHeader(csv, columns);

        for (var at = 0; at < rows.Count; at++)
        {
            WriteRow(csv, columns, rows[at], at == rows.Count / 3 ? job.Damage : BulkDamage.None);
            if (csv.Buffered > FlushAt)
                await csv.FlushAsync(file, stop);
            if (at == rows.Count / 2)
                await PauseAsync(csv, file, half, stop);
        }

        await csv.FlushAsync(file, stop);
    }

    private static async Task PauseAsync(CsvWriter csv, Stream file, Func<Task> half, CancellationToken stop)
    {
        await csv.FlushAsync(file, stop);
        await file.FlushAsync(stop);
        await half();
    }

    private void WriteHeader(CsvWriter csv, IReadOnlyList<Column> columns)
    {
        foreach (var column in columns)
            csv.Name(column.Field == fields.Id ? dials.BulkIdHeader : column.Header);
        csv.EndRow();
    }

    private static void WriteRow(CsvWriter csv, IReadOnlyList<Column> columns, Lead lead, BulkDamage damage)
    {
        foreach (var column in columns)
        {
            if (BadCell(column.Field.ApiName, damage) is { } bad)
                csv.Raw(bad);
            else
                csv.Value(column.Of(lead), column);
        }

        csv.EndRow();
    }

    private static string? BadCell(string field, BulkDamage damage) => (field, damage) switch
    {
        ("Created_Time", BulkDamage.BadDate) => "2026-02-30T25:61:00",
        ("Modified_Time", BulkDamage.BadTime) => "yesterday",
        ("Last_Name", BulkDamage.InnerQuotes) => "\"He said \"I\" will call\"",
        ("Last_Name", BulkDamage.OpenQuote) => "\"never closed",
        _ => null,
    };
}
