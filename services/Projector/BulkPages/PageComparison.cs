using System.Collections;
using LeadSync.Contracts;
using LeadSync.Projector.EventTables;
using LeadSync.Projector.LegacyView;
using LeadSync.ServiceDefaults.Database;
using LeadSync.ServiceDefaults.Parking;
using Npgsql;
using NpgsqlTypes;

namespace LeadSync.Projector.BulkPages;

/// <summary>How a page differs from what is known.</summary>
internal sealed class PageComparison
{
    public int Rows { get; set; }

    /// <summary>How many rows the file has more than Zoho counts; negative when it has fewer.</summary>
    public int Difference { get; set; }

    /// <summary>The ids of the rows that can be applied.</summary>
    public HashSet<string> Ids { get; } = new(StringComparer.Ordinal);

    /// <summary>The rows that differ from what is known, or show a lead that is gone or new.</summary>
    public BitArray Differs { get; } = new(0);

    /// <summary>The rows that can be copied: their leads are new, and the view can show every value.</summary>
    public BitArray IsNew { get; } = new(0);

    public int Differing { get; set; }

    public int New { get; set; }

    /// <summary>Rows that cannot be applied.</summary>
    public List<ParkedItem> Parked { get; } = [];

    /// <summary>Fields of the other rows that the view cannot show.</summary>
    public List<(string Id, Misfit Misfit)> Misfits { get; } = [];

    /// <summary>Leads whose own records have to be read, because the page does not tell everything.</summary>
    public HashSet<string> Unread { get; } = [];
}

/// <summary>Reads a page once, checks every row of it, and compares its fingerprints with what is known.</summary>
internal sealed class PageComparer(NpgsqlDataSource database, LeadRegisters registers, PageCounts counts)
{
    private const int BlockSize = 10_000;

    /// <exception cref="PageRejectedException">The file cannot be used.</exception>
    public async Task<PageComparison> Compare(BulkPageReady page, PageFile file, FieldSet set, PageProgress progress, CancellationToken ct)
    {
        await using var csv = file.OpenCsv();
        using var rows = await PageReader.Open(csv, set, ct);
        var comparison = new PageComparison();
        var (block, previous) = (new Block(), Task.CompletedTask);
        while (await rows.Read(ct))
        {
            comparison.Rows++;
            if (rows.Problem is { } reason)
            {
                comparison.Parked.Add(rows.HasRecordId
                    ? ParkedItem.Lead(rows.Id, page.Origin(), reason, rows.Raw, rows.Line)
                    : ParkedItem.Row(page.Origin(), rows.Line, reason, rows.Raw));
                if (rows.HasRecordId)
                    comparison.Unread.Add(rows.Id);
                continue;
            }

            comparison.Ids.Add(rows.Id);
            comparison.Misfits.AddRange(rows.Misfits.Select(misfit => (rows.Id, misfit)));
            block.Add(rows);
            if (block.Ids.Count < BlockSize)
                continue;

            // PostgreSQL compares one block while the next is read.
            await previous;
            (block, previous) = (new Block(), Compare(block, comparison, progress, ct));
        }

        await previous;
        await Compare(block, comparison, progress, ct);
        comparison.Differs.Length = comparison.IsNew.Length = comparison.Rows;
        comparison.Difference = comparison.Rows - page.Rows;
        return await counts.Accept(page, comparison.Difference, ct)
            ? comparison
            : throw new PageRejectedException(
                $"the file has {comparison.Rows} rows where Zoho counts {page.Rows}; another file with that difference is accepted");
    }

    private async Task Compare(Block block, PageComparison comparison, PageProgress progress, CancellationToken ct)
    {
        if (block.Ids.Count == 0)
            return;

        var modifiedTimes = new NpgsqlParameter
        {
            Value = block.ModifiedTimes, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz,
        };
        await using var command = database.CreateCommand(registers.Differing).With(block.Ids, modifiedTimes, block.Hashes);
        await using var reader = await command.ExecuteReaderAsync(ct);

        comparison.Differs.Length = comparison.IsNew.Length = block.Rows[^1] + 1;
        while (await reader.ReadAsync(ct))
        {
            var row = (int)reader.GetInt64(0);
            comparison.Differs[block.Rows[row]] = true;
            comparison.Differing++;
            if (!reader.GetBoolean(1) || block.Misfits.Contains(row))
                continue;

            comparison.IsNew[block.Rows[row]] = true;
            comparison.New++;
        }

        // Whether a row with unknown fields says anything new depends on what is known of the lead.
        foreach (var row in block.Uncertain.Where(row => !comparison.Differs[row]))
        {
            comparison.Differs[row] = true;
            comparison.Differing++;
        }

        await progress.Check(block.Ids.Count, ct);
    }

    private sealed class Block
    {
        /// <summary>The positions of the block's rows in the page.</summary>
        public List<int> Rows { get; } = new(BlockSize);

        public List<string> Ids { get; } = new(BlockSize);

        public List<DateTime> ModifiedTimes { get; } = new(BlockSize);

        public List<Guid> Hashes { get; } = new(BlockSize);

        /// <summary>The rows of the block with values that the view cannot show.</summary>
        public HashSet<int> Misfits { get; } = [];

        /// <summary>The rows of the page with a cell that can mean more than one value.</summary>
        public List<int> Uncertain { get; } = [];

        public void Add(PageReader row)
        {
            if (row.Unknown.Count > 0)
                Uncertain.Add(row.Index);
            if (row.Misfits.Count > 0)
                Misfits.Add(Rows.Count);
            Rows.Add(row.Index);
            Ids.Add(row.Id);
            ModifiedTimes.Add(row.ModifiedTime.UtcDateTime);
            Hashes.Add(row.Hash);
        }
    }
}

internal static class PageOrigin
{
    /// <summary>The origin of items that are parked from a page.</summary>
    public static string Origin(this BulkPageReady page) => $"bulk read {page.JobId}";
}
