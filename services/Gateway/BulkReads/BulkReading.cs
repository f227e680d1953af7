using LeadSync.Contracts;
using LeadSync.Gateway.Zoho;

namespace LeadSync.Gateway.BulkReads;

/// <summary>How a page's job is created, and what its status means.</summary>
internal sealed class BulkReading(IBulkReadApi zoho, LeadFieldCatalog catalog, GatewayOptions gateway, ZohoClock clock)
{
    // Zoho: a page token lives for a day and belongs to one user; pages by number have an end. The run has to begin anew.
    private static readonly HashSet<string> PageIsOver =
        ["EXPIRED_VALUE", "TOKEN_BOUND_DATA_MISMATCH", "PAGE_NOT_SUPPORTED", "PAGE_RANGE_EXCEEDED"];

    /// <returns><see cref="BulkJobCreated"/> or <see cref="BulkJobFailed"/>.</returns>
    public async Task<object> Start(StartBulkRead start, CancellationToken ct)
    {
        try
        {
            // One run reads one set of fields, as far as can be.
            if (start.Page == 1)
                catalog.Expire();
            var createdAt = clock.Now;
            var names = (await catalog.Current(ct)).Fields.Select(field => field.ApiName).Append("Modified_Time").ToList();
            var query = new BulkQuery(
                start.Page, start.PageToken, names.Count <= ZohoLimits.FieldsPerBulkJob ? names : [], start.ModifiedSince, gateway.BulkCallbackUrl);
            var job = await Create(query, ct);
            return new BulkJobCreated(start.RunId, start.Page, job.JobId, job.CreatedTime ?? createdAt);
        }
        catch (ZohoException e)
        {
            var pageIsOver = start.Page > 1 && PageIsOver.Contains(e.Code);
            return new BulkJobFailed(start.RunId, start.Page, JobId: null, e.Message, RestartRun: pageIsOver);
        }
    }

    /// <returns><see cref="BulkPageReady"/>, <see cref="BulkJobFailed"/>, or null as long as the job is under way.</returns>
    /// <exception cref="ZohoException">Zoho did not say; the next check may know more.</exception>
    public async Task<object?> Check(CheckBulkJob check, CancellationToken ct)
    {
        try
        {
            var job = await zoho.ReadBulkJob(check.JobId, ct);
            return job.State.ToUpperInvariant() switch
            {
                "COMPLETED" => await Ready(check, job, ct),
                "FAILURE" or "FAILED" => Failed(check, $"Zoho's job failed ({job.FailureCode ?? "no code"})"),
                _ => null,
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
        catch (ZohoException e) when (e.Code.StartsWith("INVALID_CALLBACK", StringComparison.Ordinal) && query.CallbackUrl is not null)
        {
            // The status is read again and again anyway.
            return await Create(query with { CallbackUrl = null }, ct);
        }
        catch (ZohoException e) when (e.Code is "FIELD_NOT_AVAILABLE" or "FIELD_NOT_SUPPORTED" && query.Fields.Count > 0)
        {
            // Without names every field is exported, and columns are found by their names.
            return await Create(query with { Fields = [] }, ct);
        }
    }

    private async Task<BulkPageReady> Ready(CheckBulkJob check, BulkJob job, CancellationToken ct)
    {
        var fields = await catalog.Current(ct);
        // Should Zoho not say when it was created: no job is kept for longer than a day.
        var createdTime = job.CreatedTime ?? clock.Now - TimeSpan.FromDays(1);
        return new BulkPageReady(
            check.RunId, check.Page, check.JobId, createdTime, (int)job.Rows, job.MoreRecords, job.NextPageToken, fields.FieldSet);
    }

    private static BulkJobFailed Failed(CheckBulkJob check, string reason) => new(check.RunId, check.Page, check.JobId, reason);
}
