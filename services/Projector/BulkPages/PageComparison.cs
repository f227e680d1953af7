using System.Collections;
using LeadSync.Contracts;
using LeadSync.Projector.Leads;
using LeadSync.Projector.LegacyView;
using LeadSync.ServiceDefaults.Parking;
using Npgsql;
using NpgsqlTypes;

namespace LeadSync.Projector.BulkPages;

/// <summary>How a page differs from what is known.</summary>
internal sealed class PageComparison
{
    /// <summary>The id of every row.</summary>
    public List<string> Ids { get; } = [];

    /// <summary>The rows that say something else than what is known, or something of a lead that is gone, or has never been seen.</summary>
    public BitArray Differs { get; } = new(0);

    /// <summary>Those of them whose lead has never been seen.</summary>
    public BitArray IsNew { get; } = new(0);

    public int Differing { get; set; }

    public int New { get; set; }

    public List<ParkedItem> Parked { get; } = [];
}

/// <summary>Reads a page once, checks every row of it, and compares its fingerprints with what is known.</summary>
internal sealed class PageComparer(NpgsqlDataSource database)
{
    private const int BlockSize = 10_000;

    /// <exception cref="PageRejectedException">The file cannot be used.</exception>
    public async Task<PageComparison> Compare(
        BulkPageReady page, PageFile file, IReadOnlyList<SyncedField> fields, PageProgress progress, CancellationToken ct)
    {
        await using var csv = file.OpenCsv();
        using var rows = await PageReader.Open(csv, fields, ct);
        var comparison = new PageComparison();
        var (block, previous) = (new Block(0), Task.CompletedTask);
        while (await rows.Read(ct))
        {
            comparison.Ids.Add(rows.Id);
            if (rows.Problem is { } reason)
            {
                comparison.Parked.Add(rows.HasRecordId
                    ? ParkedItem.Lead(rows.Id, page.Origin(), reason, rows.Raw, rows.Line)
                    : ParkedItem.Row(page.Origin(), rows.Line, reason, rows.Raw));
            }

            block.Add(rows);
            if (block.Ids.Count < BlockSize)
                continue;

            // PostgreSQL compares one block while the next is read.
            await previous;
            (block, previous) = (new Block(comparison.Ids.Count), Compare(block, comparison, progress, ct));
        }

        await previous;
        await Compare(block, comparison, progress, ct);
        return comparison.Ids.Count == page.Rows
            ? comparison
            : throw new PageRejectedException($"the file has {comparison.Ids.Count} rows where Zoho counts {page.Rows}");
    }

    private async Task Compare(Block block, PageComparison comparison, PageProgress progress, CancellationToken ct)
    {
        await using var command = database.CreateCommand(FoldStatement.Differing);
        command.Parameters.Add(new() { Value = block.Ids });
        command.Parameters.Add(new() { Value = block.ModifiedTimes, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz });
        command.Parameters.Add(new() { Value = block.Hashes });
        await using var reader = await command.ExecuteReaderAsync(ct);

        comparison.Differs.Length = comparison.IsNew.Length = block.Start + block.Ids.Count;
        while (await reader.ReadAsync(ct))
        {
            var row = block.Start + (int)reader.GetInt64(0);
            comparison.Differs[row] = true;
            comparison.Differing++;
            comparison.IsNew[row] = reader.GetBoolean(1);
            comparison.New += reader.GetBoolean(1) ? 1 : 0;
        }

        await progress.Check(block.Ids.Count, ct);
    }

    private sealed class Block(int start)
    {
        public int Start { get; } = start;

        public List<string> Ids { get; } = new(BlockSize);

        public List<DateTime> ModifiedTimes { get; } = new(BlockSize);

        public List<Guid?> Hashes { get; } = new(BlockSize);

        public void Add(PageReader row)
        {
            var isSound = row.Problem is null;
            Ids.Add(row.Id);
            ModifiedTimes.Add(isSound ? row.ModifiedTime.UtcDateTime : default(DateTimeOffset).UtcDateTime);
            Hashes.Add(isSound && row.Missing.Count == 0 ? row.Hash : null);
        }
    }
}

internal static class PageOrigin
{
    /// <summary>For what is parked of a page: where it came from.</summary>
    public static string Origin(this BulkPageReady page) => $"bulk read {page.JobId}";
}
