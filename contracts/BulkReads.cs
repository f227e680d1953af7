namespace LeadSync.Contracts;

/// <summary>Asks the gateway to create the bulk read job of one page.</summary>
/// <param name="RunId">The run that the page belongs to.</param>
/// <param name="Page">1-based.</param>
/// <param name="PageToken">Zoho's <c>next_page_token</c> of the page before (v7 and v8), if it gave one.</param>
/// <param name="ModifiedSince">Only leads modified at or after this second; null reads every lead.</param>
/// <param name="FailedJobIds">The page's jobs that failed; null when none did. When the gateway has made another job, its answer was lost,
/// and the gateway repeats it.</param>
/// <param name="NotAfter">As in <see cref="RenewChannel"/>.</param>
public sealed record StartBulkRead(
    Guid RunId,
    int Page,
    string? PageToken,
    DateTimeOffset? ModifiedSince,
    IReadOnlyList<string>? FailedJobIds = null,
    DateTimeOffset? NotAfter = null);

/// <summary>Zoho has accepted the job of a page.</summary>
/// <param name="CreatedTime">The job's <c>created_time</c>, in Zoho's clock: the earliest moment its rows can speak for.</param>
public sealed record BulkJobCreated(Guid RunId, int Page, string JobId, DateTimeOffset CreatedTime);

/// <summary>Asks the gateway to read a job's status from Zoho.</summary>
/// <param name="NotAfter">As in <see cref="RenewChannel"/>.</param>
public sealed record CheckBulkJob(Guid RunId, int Page, string JobId, DateTimeOffset? NotAfter = null);

/// <summary>Zoho called back about a job. A hint: whoever called, the status is read from Zoho.</summary>
public sealed record BulkJobCalledBack(string JobId);

/// <summary>A job's page can be fetched: <c>GET {gateway}/bulk-reads/{JobId}</c> streams Zoho's zip.</summary>
/// <param name="CreatedTime">The <c>created_time</c> of the run's first job, or of this job when nobody remembers the first: no row of the
/// page is older. A page token may continue the first job's picture.</param>
/// <param name="Rows">The number of rows that Zoho counts.</param>
/// <param name="MoreRecords">Whether another page follows.</param>
/// <param name="NextPageToken">The token with which to request that page (v7 and v8).</param>
/// <param name="FieldSet">The <see cref="LeadFields.FieldSet"/> that was asked for.</param>
public sealed record BulkPageReady(
    Guid RunId, int Page, string JobId, DateTimeOffset CreatedTime, int Rows, bool MoreRecords, string? NextPageToken, string FieldSet);

/// <summary>A job failed, vanished or could not be created; the page has to be asked for again.</summary>
/// <param name="RestartRun">Whether the run has to begin again, because it cannot continue from this page (its page token has
/// expired).</param>
public sealed record BulkJobFailed(Guid RunId, int Page, string? JobId, string Reason, bool RestartRun = false);

/// <summary>Every row of a page is folded, or parked with its line number.</summary>
/// <param name="Difference">Rows in the file minus rows that Zoho counts, when two files of the page had the same difference.</param>
public sealed record BulkPageProjected(Guid RunId, int Page, string JobId, int Applied, int Unchanged, int Parked, int Difference = 0);

/// <summary>A page's file cannot be used (truncated, not a zip, wrong row count); nothing of it was applied.</summary>
public sealed record BulkPageRejected(Guid RunId, int Page, string JobId, string Reason);
