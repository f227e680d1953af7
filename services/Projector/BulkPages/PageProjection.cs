using System.Collections;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using LeadSync.Contracts;
using LeadSync.Projector.Leads;
using LeadSync.Projector.LegacyView;
using LeadSync.ServiceDefaults.Parking;
using Npgsql;

namespace LeadSync.Projector.BulkPages;

/// <summary>
/// Folds a bulk page. The file is read to check every row and to compare its fingerprint with what is known; then, if there are any, to append the rows of
/// leads that have never been seen, and to fold the others that differ. Memory holds a few blocks of rows, never the page.
/// </summary>
internal sealed class PageProjection(
    NpgsqlDataSource database, PageComparer comparer, NewLeads newLeads, IsolatedFold fold, LeadProjection incomplete, LeadStore leads, ParkingLot parkingLot)
{
    private const int NewBlock = 1_000;
    private const int FoldBlock = 1_000;

    // One is read while two are written.
    private const int BlocksAtOnce = 3;

    /// <exception cref="PageRejectedException">The file cannot be used; nothing of it was applied.</exception>
    public async Task<PageOutcome> Project(BulkPageReady page, PageFile file, IReadOnlyList<SyncedField> fields, CancellationToken ct)
    {
        var progress = new PageProgress(database, page);
        await progress.Begin(ct);
        var comparison = await comparer.Compare(page, file, fields, progress, ct);
        await parkingLot.Park(comparison.Parked, ct);
        await progress.Settle(comparison.Ids.Count - comparison.Differing, ct);
        var tally = new Tally();
        // A few new leads among many others are not worth another reading of the file.
        var remaining = comparison.New * 2 > comparison.Differing ? await Append(page, file, fields, comparison, tally, progress, ct) : comparison.Differs;
        if (remaining.HasAnySet())
            await Fold(page, file, fields, remaining, tally, progress, ct);
        await progress.Update(ct);
        await RememberSightings(page, comparison.Ids, ct);
        return new PageOutcome(
            tally.Applied,
            comparison.Ids.Count - tally.Applied - tally.Parked - comparison.Parked.Count,
            tally.Parked + comparison.Parked.Count,
            [.. tally.Contradicting.Union(tally.Unread).Union(comparison.Unread)],
            comparison.Difference);
    }

    /// <summary>Appends the rows of leads that have never been seen.</summary>
    /// <returns>The rows that differ and have still to be folded.</returns>
    private async Task<BitArray> Append(
        BulkPageReady page, PageFile file, IReadOnlyList<SyncedField> fields, PageComparison comparison, Tally tally, PageProgress progress,
        CancellationToken ct)
    {
        await using var csv = file.OpenCsv();
        using var rows = await PageReader.Open(csv, fields, ct);
        if (rows.Missing.Count > 0)
            return comparison.Differs;

        var remaining = new BitArray(comparison.Differs);
        // Their buffers are large: filled again rather than left to the garbage collector.
        var used = new ConcurrentBag<NewLeadRows>();
        await Parallel.ForEachAsync(Blocks(rows, comparison.IsNew, used, tally, page.CreatedTime, ct), Parallelism(ct), async (block, token) =>
        {
            if (await newLeads.Append(block.Rows, token))
            {
                tally.Add(block.Rows.Count);
                await progress.Settle(block.Rows.Count, token);
                Unset(remaining, block.Indexes);
            }

            block.Rows.Clear();
            used.Add(block.Rows);
        });
        return remaining;
    }

    private static void Unset(BitArray bits, List<int> indexes)
    {
        lock (bits)
        {
            foreach (var index in indexes)
                bits[index] = false;
        }
    }

    private static async IAsyncEnumerable<(NewLeadRows Rows, List<int> Indexes)> Blocks(
        PageReader rows, BitArray wanted, ConcurrentBag<NewLeadRows> used, Tally tally, DateTimeOffset observedAt, [EnumeratorCancellation] CancellationToken ct)
    {
        var trace = Activity.Current?.Context ?? default;
        var (block, indexes) = (Empty(), new List<int>(NewBlock));
        while (await rows.ReadNext(wanted, ct))
        {
            if (rows.Problem is not null)
                continue;

            rows.AddTo(block, observedAt, trace);
            if (rows.Unread.Count > 0)
                tally.Unread.Add(rows.Id);
            indexes.Add(rows.Index);
            if (indexes.Count < NewBlock)
                continue;

            yield return (block, indexes);
            (block, indexes) = (Empty(), new List<int>(NewBlock));
        }

        if (indexes.Count > 0)
            yield return (block, indexes);

        NewLeadRows Empty() => used.TryTake(out var free) ? free : new(rows.Columns);
    }

    private async Task Fold(
        BulkPageReady page, PageFile file, IReadOnlyList<SyncedField> fields, BitArray wanted, Tally tally, PageProgress progress, CancellationToken ct)
    {
        var trace = Activity.Current?.Context ?? default;
        await using var csv = file.OpenCsv();
        using var rows = await PageReader.Open(csv, fields, ct);
        await Parallel.ForEachAsync(
            Differing(rows, wanted, ct).Select(row => ReadRow.Of(row, page, trace)).Chunk(FoldBlock), Parallelism(ct),
            async (block, token) =>
            {
                var whole = block.Select(row => row.Observation).OfType<LeadObservation>().ToList();
                if (whole.Count > 0)
                    tally.Add(whole.Count, await fold.Fold(whole, page.Origin(), token));
                var parts = block.Where(row => row.Change is not null).ToList();
                if (parts.Count > 0)
                    await Complete(page, parts, trace, tally, token);
                await progress.Settle(block.Length, token);
            });
    }

    private async Task Complete(BulkPageReady page, List<ReadRow> parts, ActivityContext trace, Tally tally, CancellationToken ct)
    {
        var known = await leads.KnownFields([.. parts.Where(row => row.Unknown.Count > 0).Select(row => row.Change!.Id)], ct);
        var folded = await incomplete.Project([.. parts.Select(row => (row.Change!, trace))], page.Origin(), ct);
        tally.Add(parts.Count, folded);
        var changed = folded.Where(lead => lead.Folded.IsEvent).Select(lead => lead.Id).ToHashSet();
        foreach (var row in parts)
        {
            bool IsKnown(string name) => known.GetValueOrDefault(row.Change!.Id)?.GetValueOrDefault(name) is not null;
            if (row.Unread.Any(name => !IsKnown(name)) || (changed.Contains(row.Change!.Id) && (row.Unread.Count > 0 || row.Unknown.Any(IsKnown))))
                tally.Unread.Add(row.Change!.Id);
        }
    }

    private static ParallelOptions Parallelism(CancellationToken ct) => new() { MaxDegreeOfParallelism = BlocksAtOnce, CancellationToken = ct };

    /// <summary>The reader itself, positioned on each wanted row in turn.</summary>
    private static async IAsyncEnumerable<PageReader> Differing(
        PageReader rows, BitArray wanted, [EnumeratorCancellation] CancellationToken ct)
    {
        while (await rows.ReadNext(wanted, ct))
        {
            if (rows.Problem is null)
                yield return rows;
        }
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
        command.Parameters.Add(new() { Value = ids });
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>A row: an observation, or, when it leaves out something, a change that has to be completed.</summary>
    /// <param name="Unknown">The fields that it leaves out.</param>
    /// <param name="Unread">Those of them that hold something.</param>
    private sealed record ReadRow(LeadObservation? Observation, LeadChanged? Change, IReadOnlyList<string> Unknown, IReadOnlyList<string> Unread)
    {
        public static ReadRow Of(PageReader row, BulkPageReady page, ActivityContext trace) => row.IsIncomplete
            ? new(null, row.LeadChanged(page.CreatedTime, page.FieldSet), [.. row.Unknown], [.. row.Unread])
            : new(row.Observation(page.CreatedTime, trace), null, [], []);
    }

    private sealed class Tally
    {
        private int applied;
        private int parked;

        public int Applied => applied;

        public int Parked => parked;

        public ConcurrentBag<string> Contradicting { get; } = [];

        /// <summary>Leads of which the page left out something that nobody has read yet.</summary>
        public ConcurrentBag<string> Unread { get; } = [];

        public void Add(int events) => Interlocked.Add(ref applied, events);

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
}

/// <summary>What became of a page.</summary>
/// <param name="Applied">Rows that were events.</param>
/// <param name="Unchanged">Rows that only confirmed what is known, or came too late.</param>
/// <param name="Parked">Rows that cannot be applied.</param>
/// <param name="ToRead">Leads whose own records have to be read: the page shows them although they were found gone after its job began (deleted meanwhile,
/// or restored), or it does not say for certain what they hold.</param>
/// <param name="Difference">How many rows more than Zoho counts; negative when there are less.</param>
internal sealed record PageOutcome(int Applied, int Unchanged, int Parked, IReadOnlyList<string> ToRead, int Difference);
