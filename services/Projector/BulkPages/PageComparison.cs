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

    /// <summary>How many rows more than Zoho counts; negative when there are less.</summary>
    public int Difference { get; set; }

    public int New { get; set; }

    public List<ParkedItem> Parked { get; } = [];

    /// <summary>Leads of which the page does not say all that there is, and whose own records have to be read.</summary>
    public HashSet<string> Unread { get; } = [];
}

/// <summary>Reads a page once, checks every row of it, and compares its fingerprints with what is known.</summary>
internal sealed class PageComparer(NpgsqlDataSource database, PageCounts counts)
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
                if (rows.HasRecordId)
                    comparison.Unread.Add(rows.Id);
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
        comparison.Difference = comparison.Ids.Count - page.Rows;
        return await counts.Accept(page, comparison.Difference, ct)
            ? comparison
            : throw new PageRejectedException($"the file has {comparison.Ids.Count} rows where Zoho counts {page.Rows}; another file that says the same is taken");
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

        // Only what is known of the lead tells whether a row that leaves out something says anything new.
        foreach (var row in block.Incomplete.Where(row => !comparison.Differs[row]))
        {
            comparison.Differs[row] = true;
            comparison.Differing++;
        }

        await progress.Check(block.Ids.Count, ct);
    }

    private sealed class Block(int start)
    {
        public int Start { get; } = start;

        public List<string> Ids { get; } = new(BlockSize);

        public List<DateTime> ModifiedTimes { get; } = new(BlockSize);

        public List<Guid?> Hashes { get; } = new(BlockSize);

        public List<int> Incomplete { get; } = [];

        public void Add(PageReader row)
        {
            var isSound = row.Problem is null;
            Ids.Add(row.Id);
            ModifiedTimes.Add(isSound ? row.ModifiedTime.UtcDateTime : default(DateTimeOffset).UtcDateTime);
            Hashes.Add(isSound && !row.IsIncomplete ? row.Hash : null);
            if (isSound && row.Unknown.Count > 0)
                Incomplete.Add(Start + Ids.Count - 1);
        }
    }
}

internal static class PageOrigin
{
    /// <summary>For what is parked of a page: where it came from.</summary>
    public static string Origin(this BulkPageReady page) => $"bulk read {page.JobId}";
}
