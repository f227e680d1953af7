using LeadSync.ZohoSimulator.Clock;
using LeadSync.ZohoSimulator.Leads;

namespace LeadSync.ZohoSimulator.BulkRead;

/// <summary>The status of a job, for the status call and the callback.</summary>
internal sealed class BulkStatus(Dials dials, UserTime time)
{
    private static readonly object CreatedBy = new { id = Users.Api.Id, name = Users.Api.Name };

    /// <summary>The answer to the creation of a job.</summary>
    public object OfNew(BulkJob job)
    {
        var details = new
        {
            id = job.Id, operation = "read", state = "ADDED", created_by = CreatedBy, created_time = time.Write(job.CreatedTime)
        };
        var added = new { status = "success", code = "ADDED_SUCCESSFULLY", message = "Added successfully.", details };
        return new { data = new[] { added }, info = new { } };
    }

    public object Of(BulkJob job)
    {
        var data = new Dictionary<string, object>
        {
            ["id"] = job.Id,
            ["operation"] = "read",
            ["state"] = job.State,
            ["query"] = new Dictionary<string, object>(job.Query.Echo) { ["page"] = job.Page },
            ["created_by"] = CreatedBy,
            ["created_time"] = time.Write(job.CreatedTime),
            ["file_type"] = "csv",
        };
        if (job.State == "COMPLETED" || dials.BulkResultAlways)
            data["result"] = Result(job);
        if (job.Error is { } error)
            data["result"] = error;
        return new { data = new[] { data } };
    }

    private Dictionary<string, object> Result(BulkJob job)
    {
        var result = new Dictionary<string, object>
        {
            ["page"] = job.Page,
            ["per_page"] = dials.BulkPerPage,
            ["count"] = (job.Rows?.Leads.Count ?? 0) + (job.Damage == BulkDamage.WrongCount ? 7 : 0) + dials.BulkCountOff,
            ["download_url"] = $"/crm/bulk/{job.Version}/read/{job.Id}/result",
            ["more_records"] = job.Rows?.MoreRecords ?? false,
        };
        if (job.NextPageToken is { } token)
            result["next_page_token"] = token;
        return result;
    }
}
