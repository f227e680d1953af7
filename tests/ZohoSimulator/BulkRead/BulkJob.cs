using LeadSync.ZohoSimulator.Leads;

namespace LeadSync.ZohoSimulator.BulkRead;

/// <summary>One job: one page of a bulk read.</summary>
internal sealed class BulkJob(string id, string version, BulkQuery query, int page, DateTimeOffset createdTime)
{
    public string Id => id;

    public string Version => version;

    public BulkQuery Query => query;

    public int Page => page;

    public DateTimeOffset CreatedTime => createdTime;

    public Uri? Callback { get; init; }

    public BulkDamage Damage { get; init; }

    /// <summary>The last id of the page before; the page has only leads with greater ids.</summary>
    public long AfterId { get; init; }

    /// <summary>The living leads at the start of the export, if all its pages show that moment.</summary>
    public IReadOnlyList<Lead>? Picture { get; set; }

    public string State { get; set; } = "ADDED";

    /// <summary>The error, when the state is FAILURE.</summary>
    public object? Error { get; set; }

    /// <summary>Set when the job completes, and gone when its file has expired.</summary>
    public BulkRows? Rows { get; set; }

    public string? NextPageToken { get; set; }

    public DateTimeOffset CompletedTime { get; set; }
}

/// <summary>The result of a job.</summary>
internal sealed record BulkRows(IReadOnlyList<Lead> Leads, bool MoreRecords);
