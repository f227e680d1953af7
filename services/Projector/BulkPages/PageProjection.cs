using System.Collections.Concurrent;
using System.Collections;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using LeadSync.Contracts;
using LeadSync.Projector.FirstLoad;
using LeadSync.Projector.Leads;
using LeadSync.Projector.LegacyView;
using LeadSync.Projector.Privacy;
using LeadSync.ServiceDefaults.Parking;
using Npgsql;

namespace LeadSync.Projector.BulkPages;

/// <summary>
/// Folds a bulk page. The first reading checks every row and compares its fingerprint with what is known; further readings, if needed,
/// append the new leads and fold the others that differ. Memory holds the page's ids and a few blocks of its rows.
/// </summary>
internal sealed class PageProjection(
    NpgsqlDataSource database, PageComparer comparer, NewLeads newLeads, LeadFold fold, LegacyColumns columns, MisfitValues misfits,
    Sightings sightings, Forgotten forgotten, Module module, ParkingLot parkingLot)
{
    private const int MostRows = 1_000;
    private const int MostBytes = 4 << 20;

    // One is read while two are written.
    private const int BlocksAtOnce = 3;

    /// <exception cref="PageRejectedException">The file cannot be used; nothing of it was applied.</exception>
    public async Task<PageOutcome> Project(BulkPageReady page, PageFile file, FieldSet set, CancellationToken ct)
    {
        var progress = new PageProgress(database, page);
        await progress.Begin(ct);
        var comparison = await comparer.Compare(page, file, set, progress, ct);
        await Forget(comparison, ct);
        await parkingLot.Park(comparison.Parked, ct);
        await progress.AddDone(comparison.Rows - comparison.Differing, ct);
        var work = new PageWork(page, file, set, progress);
        // A few new leads among many others are not worth another reading of the file.
        var remaining = comparison.New * 2 > comparison.Differing && columns.IsPlain(set)
            ? await Append(work, comparison, ct)
            : comparison.Differs;
        if (remaining.HasAnySet())
            await Fold(work, remaining, ct);
        await progress.Update(ct);
        await misfits.Confirm(comparison.Ids, comparison.Misfits, page.Origin(), page.CreatedTime, ct);
        string[] parked = [.. comparison.Parked.Select(item => item.LeadId).OfType<string>(), .. work.Refused];
        await sightings.Remember(page, comparison.Ids, parked, ct);
        var unapplied = comparison.Parked.Count + work.Refused.Count;
        return new PageOutcome(
            work.Applied, comparison.Rows - work.Applied - unapplied, unapplied, [.. work.ToRead.Union(comparison.Unread)],
            comparison.Difference);
    }

    // No row of a forgotten lead may be parked. A lead that may come back is read by its id.
    private async Task Forget(PageComparison comparison, CancellationToken ct)
    {
        string[] suspects =
        [
            .. comparison.Parked.Select(item => item.LeadId).OfType<string>(), .. comparison.Misfits.Select(misfit => misfit.Id)
        ];
        var gone = await forgotten.Among(suspects, ct);
        comparison.Parked.RemoveAll(item => item.LeadId is { } id && gone.ContainsKey(id));
        comparison.Misfits.RemoveAll(misfit => gone.ContainsKey(misfit.Id));
        comparison.Unread.ExceptWith(gone.Where(lead => !lead.Value).Select(lead => lead.Key));
    }

    /// <summary>Appends the rows of leads that have never been seen.</summary>
    /// <returns>The rows that differ and have still to be folded.</returns>
    private async Task<BitArray> Append(PageWork work, PageComparison comparison, CancellationToken ct)
    {
        await using var csv = work.File.OpenCsv();
        using var rows = await PageReader.Open(csv, work.Set, ct);
        var remaining = new BitArray(comparison.Differs);
        // The buffers are large, so they are reused.
        var used = new ConcurrentBag<NewLeadRows>();
        await Parallel.ForEachAsync(Blocks(rows, comparison.IsNew, used, work, ct), Parallelism(ct), async (block, token) =>
        {
            if (await newLeads.Append(block.Rows, token))
            {
                work.Add(block.Rows.Count);
                await work.Progress.AddDone(block.Rows.Count, token);
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

    private async IAsyncEnumerable<(NewLeadRows Rows, List<int> Indexes)> Blocks(
        PageReader rows, BitArray wanted, ConcurrentBag<NewLeadRows> used, PageWork work, [EnumeratorCancellation] CancellationToken ct)
    {
        var trace = Activity.Current?.Context ?? default;
        var (block, indexes) = (Empty(), new List<int>(MostRows));
        while (await rows.ReadNext(wanted, ct))
        {
            rows.AddTo(block, work.Page.CreatedTime, trace);
            if (rows.Unread.Count > 0)
                work.ToRead.Add(rows.Id);
            indexes.Add(rows.Index);
            if (indexes.Count < MostRows && block.Size < MostBytes)
                continue;

            yield return (block, indexes);
            (block, indexes) = (Empty(), new List<int>(MostRows));
        }

        if (indexes.Count > 0)
            yield return (block, indexes);

        NewLeadRows Empty() => used.TryTake(out var free) ? free : new(rows.Columns, module);
    }

    private async Task Fold(PageWork work, BitArray wanted, CancellationToken ct)
    {
        await using var csv = work.File.OpenCsv();
        using var rows = await PageReader.Open(csv, work.Set, ct);
        await Parallel.ForEachAsync(Blocks(rows, wanted, work.Page.CreatedTime, ct), Parallelism(ct), async (block, token) =>
        {
            work.Add(block, await fold.Fold(block, work.Page.Origin(), token));
            await work.Progress.AddDone(block.Count, token);
        });
    }

    private static async IAsyncEnumerable<IReadOnlyList<LeadObservation>> Blocks(
        PageReader rows, BitArray wanted, DateTimeOffset observedAt, [EnumeratorCancellation] CancellationToken ct)
    {
        var trace = Activity.Current?.Context ?? default;
        var (block, size) = (new List<LeadObservation>(MostRows), 0);
        while (await rows.ReadNext(wanted, ct))
        {
            block.Add(rows.Observation(observedAt, trace));
            size += rows.Size;
            if (block.Count < MostRows && size < MostBytes)
                continue;

            yield return block;
            (block, size) = (new(MostRows), 0);
        }

        if (block.Count > 0)
            yield return block;
    }

    private static ParallelOptions Parallelism(CancellationToken ct) =>
        new() { MaxDegreeOfParallelism = BlocksAtOnce, CancellationToken = ct };

    /// <summary>A page that is being folded, and the outcomes of its rows so far.</summary>
    private sealed record PageWork(BulkPageReady Page, PageFile File, FieldSet Set, PageProgress Progress)
    {
        private int applied;

        public int Applied => applied;

        public ConcurrentBag<string> ToRead { get; } = [];

        public ConcurrentBag<string> Refused { get; } = [];

        public void Add(int events) => Interlocked.Add(ref applied, events);

        public void Add(IReadOnlyList<LeadObservation> given, IReadOnlyCollection<(string Id, Folded Folded)> outcome)
        {
            Add(outcome.Count(row => row.Folded.IsEvent));
            foreach (var (id, _) in outcome.Where(row => !row.Folded.IsAlive || row.Folded.IsToBeRead))
                ToRead.Add(id);
            foreach (var id in given.Select(row => row.Id).Except(outcome.Select(row => row.Id)))
                Refused.Add(id);
        }
    }
}

/// <summary>The outcome of a page.</summary>
/// <param name="Applied">Rows that were events.</param>
/// <param name="Unchanged">Rows that only confirmed what is known, or came too late.</param>
/// <param name="Parked">Rows that cannot be applied.</param>
/// <param name="ToRead">Leads whose own records have to be read: the page shows them although they were found gone after its job began
/// (deleted meanwhile, or restored), or some of its cells can mean more than one value.</param>
/// <param name="Difference">How many rows the file has more than Zoho counts; negative when it has fewer.</param>
internal sealed record PageOutcome(int Applied, int Unchanged, int Parked, IReadOnlyList<string> ToRead, int Difference);
