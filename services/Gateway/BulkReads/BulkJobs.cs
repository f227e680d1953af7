using LeadSync.Contracts;
using LeadSync.Gateway.Zoho.Calls;
using LeadSync.ServiceDefaults.Bus;

namespace LeadSync.Gateway.BulkReads;

/// <summary>Creates and checks Zoho's jobs for the scheduler, and publishes the results.</summary>
internal sealed partial class BulkJobs(BulkReading reading, IBulkJobStore store, Publish publish, ILogger<BulkJobs> log)
{
    private readonly Lock gate = new();

    // Jobs that were created and are not stored yet, because the database was away.
    private readonly Dictionary<(Guid, int), StoredJob> unkept = [];

    /// <summary>Creates a page's job once, however often the command arrives, and at how many replicas. Another job costs credits, so it is
    /// created only when the last one failed.</summary>
    public async Task Start(StartBulkRead start, CancellationToken ct)
    {
        // A creation may wait for minutes until Zoho has a place, and the scheduler repeats the command sooner.
        await using var reservation = await store.Reserve(start.RunId, start.Page, ct);
        if (reservation is null)
            return;

        var page = (start.RunId, start.Page);
        var job = Unkept(page) ?? await store.Find(start.RunId, start.Page, ct);
        if (job is null || start.FailedJobIds?.Contains(job.JobId) == true)
        {
            switch (await reading.Start(start, ct))
            {
                case JobStarted started:
                    Remember(page, job = started.Job);
                    break;
                case JobNotStarted failed:
                    await publish(failed.Failure, ct);
                    return;
            }
        }

        await store.Keep(start.RunId, start.Page, job!, ct);
        Forget(page);
        await publish(new BulkJobCreated(start.RunId, start.Page, job!.JobId, job.CreatedTime), ct);
    }

    public async Task Check(CheckBulkJob check, CancellationToken ct)
    {
        try
        {
            var job = await store.Find(check.RunId, check.Page, ct);
            switch (await reading.Check(check, job?.JobId == check.JobId ? job.FieldSet : null, ct))
            {
                case JobCompleted completed:
                    await publish(await AsOldAsItsPicture(completed.Page, ct), ct);
                    break;
                case JobFailed failed:
                    await publish(failed.Failure, ct);
                    break;
            }
        }
        catch (ZohoException e)
        {
            NotChecked(check.JobId, e.Message);
        }
    }

    // Zoho does not say whether a page token continues the picture of the run's first job. So the rows of later pages may be as old as that
    // job.
    private async Task<BulkPageReady> AsOldAsItsPicture(BulkPageReady page, CancellationToken ct) =>
        page.Page > 1 && await store.Find(page.RunId, 1, ct) is { } first && first.CreatedTime < page.CreatedTime
            ? page with { CreatedTime = first.CreatedTime }
            : page;

    private StoredJob? Unkept((Guid, int) page)
    {
        lock (gate)
            return unkept.GetValueOrDefault(page);
    }

    private void Remember((Guid, int) page, StoredJob job)
    {
        lock (gate)
            unkept[page] = job;
    }

    private void Forget((Guid, int) page)
    {
        lock (gate)
            unkept.Remove(page);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The status of bulk read job {JobId} could not be read: {Reason}")]
    private partial void NotChecked(string jobId, string reason);
}
