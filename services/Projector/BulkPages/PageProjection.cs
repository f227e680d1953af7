using System.Collections;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using LeadSync.Contracts;
using LeadSync.Projector.Leads;
using LeadSync.Projector.LegacyView;
using LeadSync.ServiceDefaults.Parking;
using Npgsql;
using NpgsqlTypes;

namespace LeadSync.Projector.BulkPages;

/// <summary>
/// Folds a bulk page. The file is read twice: first every row is checked and its fingerprint compared with what is known, then the rows that differ, if there
/// are any, are folded. Memory holds a block of rows, never the page.
/// </summary>
internal sealed class PageProjection(NpgsqlDataSource database, IsolatedFold fold, LeadProjection incomplete, ParkingLot parkingLot)
{
    private const int FingerprintBlock = 10_000;
    private const int FoldBlock = 1_000;
    private const int FoldsAtOnce = 2;

    /// <exception cref="PageRejectedException">The file cannot be used; nothing of it was applied.</exception>
    public async Task<PageOutcome> Project(BulkPageReady page, PageFile file, IReadOnlyList<SyncedField> fields, CancellationToken ct)
    {
        var progress = new PageProgress(database, page);
        await progress.Begin(ct);
        var comparison = await Compare(page, file, fields, progress, ct);
        await parkingLot.Park(comparison.Parked, ct);
        await progress.Settle(comparison.Ids.Count - comparison.Differing, ct);
        var tally = new Tally();
        if (comparison.Differing > 0)
            await Fold(page, file, fields, comparison, tally, progress, ct);
        await progress.Update(ct);
        await RememberSightings(page, comparison.Ids, ct);
        return new PageOutcome(
            tally.Applied,
            comparison.Ids.Count - tally.Applied - tally.Parked - comparison.Parked.Count,
            tally.Parked + comparison.Parked.Count,
            [.. tally.Contradicting]);
    }

    private async Task Fold(
        BulkPageReady page, PageFile file, IReadOnlyList<SyncedField> fields, Comparison comparison, Tally tally, PageProgress progress, CancellationToken ct)
    {
        var trace = Activity.Current?.Context ?? default;
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = FoldsAtOnce, CancellationToken = ct };
        await using var csv = file.OpenCsv();
        using var rows = await PageReader.Open(csv, fields, ct);
        var differing = Differing(rows, comparison.Differs, ct);
        if (rows.Missing.Count == 0)
        {
            await Parallel.ForEachAsync(
                differing.Select(row => row.Observation(page.CreatedTime, trace)).Chunk(FoldBlock), parallel,
                async (block, token) =>
                {
                    tally.Add(block.Length, await fold.Fold(block, Origin(page), token));
                    await progress.Settle(block.Length, token);
                });
        }
        else
        {
            await Parallel.ForEachAsync(
                differing.Select(row => (row.LeadChanged(page.CreatedTime, page.FieldSet), trace)).Chunk(FoldBlock), parallel,
                async (block, token) =>
                {
                    tally.Add(block.Length, await incomplete.Project(block, Origin(page), token));
                    await progress.Settle(block.Length, token);
                });
        }
    }

    /// <summary>The reader itself, positioned on each row that differs in turn.</summary>
    private static async IAsyncEnumerable<PageReader> Differing(
        PageReader rows, BitArray differs, [EnumeratorCancellation] CancellationToken ct)
    {
        for (var index = 0; await rows.Read(ct); index++)
        {
            if (differs[index] && rows.Problem is null)
                yield return rows;
        }
    }

    private async Task<Comparison> Compare(
        BulkPageReady page, PageFile file, IReadOnlyList<SyncedField> fields, PageProgress progress, CancellationToken ct)
    {
        await using var csv = file.OpenCsv();
        using var rows = await PageReader.Open(csv, fields, ct);
        var comparison = new Comparison();
        var block = new List<(string Id, DateTime ModifiedTime, Guid? Hash)>(FingerprintBlock);
        while (await rows.Read(ct))
        {
            if (rows.Problem is { } reason)
            {
                comparison.Parked.Add(rows.HasRecordId
                    ? ParkedItem.Lead(rows.Id, Origin(page), reason, rows.Raw, rows.Line)
                    : ParkedItem.Row(Origin(page), rows.Line, reason, rows.Raw));
                block.Add((rows.Id, default(DateTimeOffset).UtcDateTime, null));
            }
            else
            {
                block.Add((rows.Id, rows.ModifiedTime.UtcDateTime, rows.Missing.Count == 0 ? rows.Hash : null));
            }

            if (block.Count == FingerprintBlock)
                await Compare(block, comparison, progress, ct);
        }

        await Compare(block, comparison, progress, ct);
        return comparison.Ids.Count == page.Rows
            ? comparison
            : throw new PageRejectedException($"the file has {comparison.Ids.Count} rows where Zoho counts {page.Rows}");
    }

    private async Task Compare(
        List<(string Id, DateTime ModifiedTime, Guid? Hash)> block, Comparison comparison, PageProgress progress, CancellationToken ct)
    {
        await using var command = database.CreateCommand(FoldStatement.Differing);
        command.Parameters.Add(new() { Value = block.Select(row => row.Id).ToArray() });
        command.Parameters.Add(new() { Value = block.Select(row => row.ModifiedTime).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz });
        command.Parameters.Add(new() { Value = block.Select(row => row.Hash).ToArray() });
        await using var reader = await command.ExecuteReaderAsync(ct);

        var start = comparison.Ids.Count;
        comparison.Ids.AddRange(block.Select(row => row.Id));
        comparison.Differs.Length = comparison.Ids.Count;
        while (await reader.ReadAsync(ct))
        {
            comparison.Differs[start + (int)reader.GetInt64(0)] = true;
            comparison.Differing++;
        }

        await progress.Check(block.Count, ct);
        block.Clear();
    }

    /// <summary>
    /// Remembers that the page's leads were alive when it was made, although nothing was written for those that had not changed. The two latest runs are
    /// enough: what was seen earlier is older than anything that can still come in late.
    /// </summary>
    private async Task RememberSightings(BulkPageReady page, List<string> ids, CancellationToken ct)
    {
        await using var command = database.CreateCommand("""
            with latest as (
                select run_id from projector.sightings where run_id <> $1 group by run_id order by max(observed_at) desc limit 1
            ),
            forgotten as (
                delete from projector.sightings where run_id <> $1 and run_id not in (select run_id from latest)
            )
            insert into projector.sightings (run_id, page, observed_at, ids) values ($1, $2, $3, $4)
            on conflict (run_id, page) do update set observed_at = excluded.observed_at, ids = excluded.ids
            """);
        command.Parameters.Add(new() { Value = page.RunId });
        command.Parameters.Add(new() { Value = page.Page });
        command.Parameters.Add(new() { Value = page.CreatedTime.UtcDateTime });
        command.Parameters.Add(new() { Value = ids.ToArray() });
        await command.ExecuteNonQueryAsync(ct);
    }

    private static string Origin(BulkPageReady page) => $"bulk read {page.JobId}";

    private sealed class Tally
    {
        private int applied;
        private int parked;

        public int Applied => applied;

        public int Parked => parked;

        public ConcurrentBag<string> Contradicting { get; } = [];

        public void Add(int given, IReadOnlyCollection<(string Id, Folded Folded)> rows)
        {
            Interlocked.Add(ref parked, given - rows.Count);
            foreach (var (id, folded) in rows)
            {
                if (folded.IsEvent)
                    Interlocked.Increment(ref applied);
                if (!folded.IsAlive)
                    Contradicting.Add(id);
            }
        }
    }

    private sealed class Comparison
    {
        public List<string> Ids { get; } = [];

        public BitArray Differs { get; } = new(0);

        public int Differing { get; set; }

        public List<ParkedItem> Parked { get; } = [];
    }
}

/// <summary>What became of a page.</summary>
/// <param name="Applied">Rows that were events.</param>
/// <param name="Unchanged">Rows that only confirmed what is known, or came too late.</param>
/// <param name="Parked">Rows that cannot be applied.</param>
/// <param name="Contradicting">Leads that the page shows although they were found gone after its job began: deleted meanwhile, or restored.</param>
internal sealed record PageOutcome(int Applied, int Unchanged, int Parked, IReadOnlyList<string> Contradicting);
