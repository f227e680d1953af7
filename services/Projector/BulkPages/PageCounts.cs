using LeadSync.Contracts;
using LeadSync.ServiceDefaults.Database;
using Npgsql;

namespace LeadSync.Projector.BulkPages;

/// <summary>
/// Whether a page's file is accepted although it has more or fewer rows than Zoho counts. Such a file may have been cut off. When the files
/// of two jobs differ by the same number, it is what Zoho exports, and a third job would only cost credits.
/// </summary>
internal sealed partial class PageCounts(NpgsqlDataSource database, ILogger<PageCounts> log)
{
    /// <param name="difference">How many rows the file has more than Zoho counts; negative when it has fewer.</param>
    public async Task<bool> Accept(BulkPageReady page, int difference, CancellationToken ct)
    {
        if (difference == 0)
            return true;
        if (!await WasSeenBefore(page, difference, ct))
            return false;

        Taken(page.Page, page.JobId, page.Rows + difference, page.Rows);
        return true;
    }

    private async Task<bool> WasSeenBefore(BulkPageReady page, int difference, CancellationToken ct)
    {
        await using var command = database.CreateCommand("""
            with forgotten as (delete from projector.page_counts where run_id <> $1 and at < now() - interval '7 days')
            insert into projector.page_counts as known (run_id, page, job_id, difference) values ($1, $2, $3, $4)
            on conflict (run_id, page) do update set
                is_confirmed = known.difference = excluded.difference and (known.is_confirmed or known.job_id <> excluded.job_id),
                job_id = excluded.job_id, difference = excluded.difference, at = now()
            returning is_confirmed
            """).With(page.RunId, page.Page, page.JobId, difference);
        return (bool)(await command.ExecuteScalarAsync(ct))!;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message =
        "Page {Page} is accepted although the file of bulk read {JobId} has {Rows} rows and Zoho counts {Counted}: the file of the "
            + "job before differed by the same number")]
    private partial void Taken(int page, string jobId, int rows, int counted);
}
