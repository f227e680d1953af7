using System.IO.Compression;
using LeadSync.ZohoSimulator.Clock;
using LeadSync.ZohoSimulator.Fields;
using LeadSync.ZohoSimulator.Leads;

namespace LeadSync.ZohoSimulator.BulkRead;

/// <summary>Makes a job's zip while it is downloaded: rows go straight into it, nothing is held.</summary>
internal sealed class ResultFile(FieldCatalogue fields, Dials dials, UserTime time)
{
    private const int FlushAt = 1 << 16;

    /// <param name="half">Called when half of the rows are out.</param>
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

        var csv = new CsvWriter(dials, time);
        var columns = BulkColumns.Of(job, fields);
        if (dials.BulkByteOrderMark)
            csv.ByteOrderMark();
        WriteHeader(csv, columns);

        for (var at = 0; at < rows.Count; at++)
        {
            WriteRow(csv, columns, rows[at], isBad: job.Damage == BulkDamage.BadDate && at == rows.Count / 3);
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
            csv.Value(column.Field == fields.Id ? dials.BulkIdHeader : column.Header, atLeastCents: false);
        csv.EndRow();
    }

    private static void WriteRow(CsvWriter csv, IReadOnlyList<Column> columns, Lead lead, bool isBad)
    {
        foreach (var column in columns)
        {
            var value = isBad && column.Field.ApiName == "Created_Time" ? "2026-02-30T25:61:00" : column.Of(lead);
            csv.Value(value, column.Field.DataType == "currency");
        }

        csv.EndRow();
    }
}
