using LeadSync.ZohoSimulator.Clock;
using LeadSync.ZohoSimulator.Gate;

namespace LeadSync.ZohoSimulator.BulkRead;

/// <summary><c>GET /crm/bulk/{version}/read/{job}/result</c>, undamaged or not.</summary>
internal sealed class Download(BulkJobs jobs, ResultFile file, Dials dials, VirtualClock clock)
{
    private readonly Lock gate = new();
    private long minute;
    private int downloads;

    public async Task AnswerAsync(string id, HttpContext context)
    {
        var job = jobs.Find(id);
        CountDownload();
        var rows = jobs.RowsOf(job);
        if (job.Damage == BulkDamage.Html)
        {
            context.Response.ContentType = "text/html;charset=UTF-8";
            await context.Response.WriteAsync("<!DOCTYPE html><html><body>Please sign in</body></html>");
            return;
        }

        if (rows.Leads.Count == 0 && dials.BulkEmpty == BulkEmpty.NoContent)
        {
            context.Response.StatusCode = 204;
            return;
        }

        context.Response.ContentType = "application/x-download";
        context.Response.Headers.ContentDisposition = $"attachment;filename={job.Id}.zip";
        await using var output = new DamagedStream(context.Response.Body);
        await file.WriteAsync(job, rows.Leads, output, () => HalfWayAsync(job, output, context), context.RequestAborted);
        await output.FinishAsync(context.RequestAborted);
    }

    private static async Task HalfWayAsync(BulkJob job, DamagedStream output, HttpContext context)
    {
        if (job.Damage == BulkDamage.Truncated)
            output.SwallowTheRest();
        if (job.Damage == BulkDamage.BadCrc)
            output.SpoilChecksums();
        if (job.Damage != BulkDamage.Aborted)
            return;

        await output.FlushAsync(context.RequestAborted);
        context.Abort();
    }

    // Zoho: beyond 10 downloads a minute, of all jobs together, all are refused until the minute ends.
    private void CountDownload()
    {
        lock (gate)
        {
            var minute = clock.GetUtcNow().ToUnixTimeSeconds() / 60;
            if (minute != this.minute)
                (this.minute, downloads) = (minute, 0);
            if (dials.BulkDownloadsPerMinute > 0 && ++downloads > dials.BulkDownloadsPerMinute)
                throw Throttle.Error(dials, "You have exceeded the number of downloads per minute.");
        }
    }
}
