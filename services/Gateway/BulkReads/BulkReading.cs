using LeadSync.Contracts;
using LeadSync.Gateway.Zoho.Apis;
using LeadSync.Gateway.Zoho.Calls;
using LeadSync.Gateway.Zoho.Fields;

namespace LeadSync.Gateway.BulkReads;

/// <summary>The result of a request to create a job.</summary>
internal abstract record JobStart;

internal sealed record JobStarted(StoredJob Job) : JobStart;

internal sealed record JobNotStarted(BulkJobFailed Failure) : JobStart;

/// <summary>The meaning of a job's status.</summary>
internal abstract record JobStatus;

internal sealed record JobGoesOn : JobStatus;

internal sealed record JobCompleted(BulkPageReady Page) : JobStatus;

internal sealed record JobFailed(BulkJobFailed Failure) : JobStatus;

/// <summary>Creates a page's job, and interprets its status.</summary>
internal sealed class BulkReading(IBulkReadApi zoho, LeadFieldCatalog catalog, GatewayOptions gateway, ZohoClock zohoClock)
{
    public async Task<JobStart> Start(StartBulkRead start, CancellationToken ct)
    {
        try
        {
            // All pages of a run should show the same fields, so only the first page asks for the latest ones.
            var createdAt = zohoClock.Now;
            var fields = start.Page == 1 ? await catalog.Latest(ct) : await catalog.Recent(ct);
            var names = fields.Fields.Select(field => field.ApiName).Append("Modified_Time").ToList();
            var query = new BulkQuery(
                start.Page, start.PageToken, names.Count <= ZohoLimits.FieldsPerBulkJob ? names : [],
                start.ModifiedSince, gateway.BulkCallbackUrl);
            var job = await Create(query, ct);
            return new JobStarted(new StoredJob(job.JobId, job.CreatedTime ?? createdAt, fields.FieldSet));
        }
        catch (ZohoException e)
        {
            // Zoho: a page token lives for a day and belongs to one user, and pages by number have an end. Zoho does not document the code
            // of such a refusal. Whatever the code is, Zoho would refuse the page again, so the run begins again.
            var isOver = start.Page > 1 && e.Kind is ZohoErrorKind.Rejected or ZohoErrorKind.NotFound;
            return new JobNotStarted(new BulkJobFailed(start.RunId, start.Page, JobId: null, e.Message, RestartRun: isOver));
        }
    }

    /// <param name="fieldSet">The hash of the fields that the job exports; null when nobody remembers it.</param>
    /// <exception cref="ZohoException">Zoho did not say. The next check may know more.</exception>
    public async Task<JobStatus> Check(CheckBulkJob check, string? fieldSet, CancellationToken ct)
    {
        try
        {
            var job = await zoho.ReadBulkJob(check.JobId, ct);
            return job.State.ToUpperInvariant() switch
            {
                "COMPLETED" => new JobCompleted(await Ready(check, job, fieldSet, ct)),
                "FAILURE" or "FAILED" => Failed(check, $"Zoho's job failed ({job.FailureCode ?? "no code"})"),
                _ => new JobGoesOn(),
            };
        }
        catch (ZohoException e) when (e.Kind == ZohoErrorKind.NotFound)
        {
            return Failed(check, e.Message);
        }
    }

    private async Task<CreatedBulkJob> Create(BulkQuery query, CancellationToken ct)
    {
        try
        {
            return await zoho.CreateBulkJob(query, ct);
        }
        catch (ZohoException e) when (e.Kind == ZohoErrorKind.Rejected && query is { PageToken: null, Fields.Count: > 0 }
            && (e.Code.StartsWith("FIELD", StringComparison.Ordinal) || query.CallbackUrl is null))
        {
            // Without names Zoho exports every field. The projector finds columns by their names.
            return await Create(query with { Fields = [] }, ct);
        }
        catch (ZohoException e) when (e.Kind == ZohoErrorKind.Rejected && query.CallbackUrl is not null)
        {
            // Zoho may have refused the callback. The scheduler polls the status in any case, so the gateway creates the job without one.
            return await Create(query with { CallbackUrl = null }, ct);
        }
    }

    private async Task<BulkPageReady> Ready(CheckBulkJob check, BulkJob job, string? fieldSet, CancellationToken ct)
    {
        fieldSet ??= (await catalog.Recent(ct)).FieldSet;
        // Zoho may not say when the job was created. It keeps no job for longer than a day.
        var createdTime = job.CreatedTime ?? zohoClock.Now - TimeSpan.FromDays(1);
        return new BulkPageReady(
            check.RunId, check.Page, check.JobId, createdTime, (int)job.Rows, job.MoreRecords, job.NextPageToken, fieldSet);
    }

    private static JobFailed Failed(CheckBulkJob check, string reason) =>
        new(new BulkJobFailed(check.RunId, check.Page, check.JobId, reason));
}
