using System.Text.Json;

namespace LeadSync.Gateway.Zoho;

/// <summary>Writes and reads the messages of the Bulk Read API.</summary>
internal static class BulkReadJson
{
    public static Dictionary<string, object> Request(BulkQuery query)
    {
        var request = new Dictionary<string, object> { ["query"] = Query(query) };
        if (query.CallbackUrl is { } url)
            request["callback"] = new { url, method = "post" };
        return request;
    }

    /// <exception cref="ZohoException">The answer names no job.</exception>
    public static CreatedBulkJob Created(JsonElement? body)
    {
        if (First(body).Get("details") is not { } details || details.Text("id") is not { Length: > 0 } id)
            throw new ZohoException(ZohoErrorKind.Unavailable, "NO_JOB");

        return new CreatedBulkJob(id, details.Instant("created_time"));
    }

    public static BulkJob Status(JsonElement? body)
    {
        var job = First(body);
        var result = job.Get("result") ?? default;
        var rows = result.Whole("count") ?? 0;
        return new BulkJob(
            job.Text("state") ?? "",
            job.Instant("created_time"),
            rows,
            result.Flag("more_records") ?? rows >= (result.Whole("per_page") ?? 200_000),
            result.Text("next_page_token"),
            result.Get("error_message")?.Text("code"),
            result.Text("download_url") is { } url && url.StartsWith('/') && !url.StartsWith("//", StringComparison.Ordinal) ? url : null);
    }

    // Zoho (v7, v8): a page token stands for the whole query of its first page.
    private static Dictionary<string, object> Query(BulkQuery query)
    {
        if (query.PageToken is { } token)
            return new() { ["page_token"] = token };

        var json = new Dictionary<string, object> { ["module"] = new { api_name = "Leads" }, ["page"] = query.Page };
        if (query.Fields.Count > 0)
            json["fields"] = query.Fields;
        if (query.ModifiedSince is { } since)
            json["criteria"] = new { field = new { api_name = "Modified_Time" }, comparator = "greater_equal", value = since.Written() };
        return json;
    }

    private static JsonElement First(JsonElement? body)
    {
        var first = body?.Items("data").FirstOrDefault() ?? default;
        return first.ValueKind == JsonValueKind.Object ? first : throw new ZohoException(ZohoErrorKind.Unavailable, "ODD_ANSWER");
    }
}
