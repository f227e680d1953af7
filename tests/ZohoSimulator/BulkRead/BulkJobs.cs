using System.Collections.Concurrent;
using LeadSync.ZohoSimulator.Clock;
using LeadSync.ZohoSimulator.Control;
using LeadSync.ZohoSimulator.Gate;
using LeadSync.ZohoSimulator.Leads;

namespace LeadSync.ZohoSimulator.BulkRead;

/// <summary>Runs jobs through their states, and forgets their files when they expire.</summary>
internal sealed class BulkJobs(
    LeadReader leads, BulkPageTokens tokens, BulkCallbacks callbacks, Dials dials, VirtualClock clock, Chance chance, Statistics statistics,
    IHostApplicationLifetime lifetime)
{
    private const int MostFiles = 100;

    private readonly ConcurrentDictionary<string, BulkJob> jobs = new();
    private readonly ConcurrentQueue<BulkJob> files = new();
    private int damaged;
    private long created;

    public IEnumerable<BulkJob> All => jobs.Values;

    public BulkJob Start(string version, BulkQuery query, int page, Uri? callback, BulkContinuation? continuation)
    {
        var job = new BulkJob($"{5725767000002000000 + (Interlocked.Increment(ref created) * 1001)}", version, query, page, clock.Second())
        {
            Callback = callback,
            Damage = NextDamage(),
            AfterId = continuation?.AfterId ?? 0,
            Picture = continuation?.Picture ?? (dials.BulkPicture == BulkPicture.AtStart ? [.. Living()] : null),
        };
        jobs[job.Id] = job;
        _ = RunAsync(job, Take(job, continuation), lifetime.ApplicationStopping);
        return job;
    }

    public BulkJob Find(string id) =>
        jobs.GetValueOrDefault(id) ?? throw NotFound(id);

    /// <summary>The rows of a job that can be downloaded.</summary>
    public BulkRows RowsOf(BulkJob job) =>
        job is { State: "COMPLETED", Rows: { } rows, Damage: not BulkDamage.Gone }
            && job.CompletedTime + dials.BulkFileLife > clock.GetUtcNow()
            ? rows
            : throw NotFound(job.Id);

    private static ZohoError NotFound(string id) =>
        new(404, "RESOURCE_NOT_FOUND", "The requested resource doesn't exist.", new { resource = id });

    private BulkDamage NextDamage()
    {
        if (dials.BulkDamage == BulkDamage.None || !chance.Happens(dials.BulkDamageRate))
            return BulkDamage.None;

        var isOver = dials.BulkDamageTimes > 0 && Interlocked.Increment(ref damaged) > dials.BulkDamageTimes;
        return isOver ? BulkDamage.None : dials.BulkDamage;
    }

    private IEnumerable<Lead> Living() => leads.Living().Where(lead => dials.BulkIncludesConverted || lead.Conversion is null);

    private BulkRows Take(BulkJob job, BulkContinuation? continuation)
    {
        var skip = continuation is null ? (job.Page - 1) * dials.BulkPerPage : 0;
        return BulkPages.Take(job.Picture ?? Living(), job.Query.Criteria, job.AfterId, skip, dials.BulkPerPage);
    }

    private async Task RunAsync(BulkJob job, BulkRows rows, CancellationToken stop)
    {
        await Task.Delay(dials.BulkAddedFor, TimeProvider.System, stop);
        job.State = "QUEUED";
        await Task.Delay(dials.BulkQueuedFor, TimeProvider.System, stop);
        job.State = chance.Happens(dials.BulkUnknownStateRate) ? "MERGING" : "IN PROGRESS";
        await Task.Delay(dials.BulkInProgressFor, TimeProvider.System, stop);
        if (chance.Happens(dials.BulkStuckRate))
            return;

        if (chance.Happens(dials.BulkFailureRate))
            Fail(job);
        else
            Complete(job, rows);
        await callbacks.SendAsync(job, stop);
    }

    private void Fail(BulkJob job)
    {
        job.Error = new { error_message = new ZohoError(500, "INTERNAL_SERVER_ERROR", "the job has failed").Body };
        job.State = "FAILURE";
        statistics.Counted("bulk.failed");
    }

    private void Complete(BulkJob job, BulkRows rows)
    {
        var now = clock.GetUtcNow();
        job.Rows = dials.BulkPicture == BulkPicture.Moving ? BulkPages.Mixed(rows, id => leads.Find($"{id}"), chance) : rows;
        job.CompletedTime = now;
        if (rows.MoreRecords && job.Version != "v6" && dials.BulkPageTokens)
            job.NextPageToken = tokens.Issue(new BulkContinuation(job.Query, job.Page + 1, rows.Leads[^1].Id, job.Picture, now));
        job.State = "COMPLETED";
        statistics.Counted("bulk.completed");

        files.Enqueue(job);
        while (files.Count > MostFiles && files.TryDequeue(out var oldest))
            (oldest.Rows, oldest.Picture) = (null, null);
    }
}
