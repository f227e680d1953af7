using System.Text.Json;
using LeadSync.Contracts;
using LeadSync.Gateway.Zoho.Calls;

namespace LeadSync.Gateway.Zoho.Apis;

/// <summary>Zoho's Bulk Read API: jobs that export the module's records as zipped CSV files.</summary>
internal interface IBulkReadApi
{
    /// <summary>Creates a job, and never repeats the call: a call without an answer may have created one.</summary>
    /// <exception cref="ZohoException">Zoho did not do it, or did not answer.</exception>
    Task<CreatedBulkJob> CreateBulkJob(BulkQuery query, CancellationToken ct);

    /// <exception cref="ZohoException">Zoho did not say, or did not answer.</exception>
    Task<BulkJob> ReadBulkJob(string jobId, CancellationToken ct);

    /// <summary>Opens the zip file of a completed job; null when Zoho answers with nothing.</summary>
    /// <exception cref="ZohoException">Zoho did not give it, or did not answer.</exception>
    Task<BulkResult?> OpenBulkResult(string jobId, CancellationToken ct);
}

/// <summary>The query of a bulk read job.</summary>
/// <param name="Page">1-based.</param>
/// <param name="PageToken">Replaces all parameters but the callback.</param>
/// <param name="Fields">API names; empty for every field.</param>
/// <param name="CallbackUrl">The address that Zoho calls when the job has ended; null for none.</param>
internal sealed record BulkQuery(
    int Page, string? PageToken, IReadOnlyList<string> Fields, DateTimeOffset? ModifiedSince, string? CallbackUrl)
{
    /// <summary>The callback's address is a secret.</summary>
    public override string ToString() => $"page {Page}";
}

internal sealed record CreatedBulkJob(string JobId, DateTimeOffset? CreatedTime);

/// <summary>A job's status. <paramref name="Rows"/> and the parameters after it mean something only when the job is completed.</summary>
/// <param name="State">As Zoho writes it; Zoho may add states.</param>
/// <param name="DownloadPath">The path of Zoho's <c>download_url</c>, if it is relative.</param>
internal sealed record BulkJob(
    string State,
    DateTimeOffset? CreatedTime = null,
    long Rows = 0,
    bool MoreRecords = false,
    string? NextPageToken = null,
    string? FailureCode = null,
    string? DownloadPath = null);

/// <summary>A zip file as it comes from Zoho; disposing of it ends the download.</summary>
/// <param name="Place">The download is a call until it ends.</param>
internal sealed record BulkResult(Stream Content, long? Length, IDisposable Response, CallPlace Place) : IAsyncDisposable
{
    public ValueTask DisposeAsync()
    {
        Response.Dispose();
        return Place.DisposeAsync();
    }
}

internal sealed class BulkReadApi(ZohoHttp http, ZohoOptions options, TimeProvider clock) : IBulkReadApi
{
    /// <summary>Zoho answered a download with something that is not a file, and will do so again.</summary>
    public const string NoFile = "NO_FILE";

    private string Path => $"/crm/bulk/{options.ApiVersion}/read";

    public Task<CreatedBulkJob> CreateBulkJob(BulkQuery query, CancellationToken ct)
    {
        var call = new ZohoCall("bulk-create", HttpMethod.Post, Path, Lane.Background)
        {
            Body = Request(query),
            Credits = ZohoLimits.BulkJobCredits,
            IsRepeatable = false,
        };
        return http.Ask(call, Created, ct);
    }

    /// <summary>The call that reads a job's status.</summary>
    public static ZohoCall StatusCall(ZohoOptions options, string jobId) =>
        new("bulk-status", HttpMethod.Get, $"/crm/bulk/{options.ApiVersion}/read/{jobId}", Lane.Background);

    public Task<BulkJob> ReadBulkJob(string jobId, CancellationToken ct) => http.Ask(StatusCall(options, jobId), Status, ct);

    public async Task<BulkResult?> OpenBulkResult(string jobId, CancellationToken ct)
    {
        var usual = $"{Path}/{jobId}/result";
        try
        {
            return await Download(usual, ct);
        }
        catch (ZohoException e) when (e.Kind == ZohoErrorKind.NotFound)
        {
            // Zoho documents this path in two forms, and the job's status says which. The gateway never follows the status to another host.
            // Zoho allows ten downloads a minute, so the gateway does not ask for the same path again.
            var other = (await ReadBulkJob(jobId, ct)).DownloadPath;
            if (other is null || other == usual || !other.Contains($"/{jobId}/", StringComparison.Ordinal))
                throw;

            return await Download(other, ct);
        }
    }

    private Task<BulkResult?> Download(string path, CancellationToken ct) =>
        http.Ask(new ZohoCall("bulk-result", HttpMethod.Get, path, Lane.Background), Open, ct);

    private async Task<BulkResult?> Open(HttpResponseMessage response, CallPlace place, CancellationToken ct)
    {
        try
        {
            var content = response.Content;
            if (IsFile(response))
                return new BulkResult(await content.ReadAsStreamAsync(ct), content.Headers.ContentLength, response, place.Keep());

            // 204, an error, or a page of HTML under 200.
            JsonElement? body = await ZohoWire.Json(response, clock.GetUtcNow(), ct);
            response.Dispose();
            return body is null ? null : throw new ZohoException(ZohoErrorKind.Rejected, NoFile, (int)response.StatusCode);
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    // Zoho: application/zip in some documents, application/x-download in others. So everything but JSON and HTML is a file.
    private static bool IsFile(HttpResponseMessage response) =>
        (int)response.StatusCode == 200 && response.Content.Headers.ContentType?.MediaType is not ("application/json" or "text/html");

    private static Dictionary<string, object> Request(BulkQuery query)
    {
        var request = new Dictionary<string, object> { ["query"] = Query(query) };
        if (query.CallbackUrl is { } url)
            request["callback"] = new { url, method = "post" };
        return request;
    }

    // Zoho (v7, v8): a page token stands for the whole query of its first page.
    private static Dictionary<string, object> Query(BulkQuery query)
    {
        if (query.PageToken is { } token)
            return new() { ["page_token"] = token };

        var json = new Dictionary<string, object> { ["module"] = new { api_name = ZohoModule.Leads.ApiName }, ["page"] = query.Page };
        if (query.Fields.Count > 0)
            json["fields"] = query.Fields;
        if (query.ModifiedSince is { } since)
            json["criteria"] = new { field = new { api_name = "Modified_Time" }, comparator = "greater_equal", value = since.Written() };
        return json;
    }

    private static CreatedBulkJob Created(JsonElement? body)
    {
        if (First(body).Get("details") is not { } details || details.Text("id") is not { Length: > 0 } id)
            throw new ZohoException(ZohoErrorKind.Unavailable, "NO_JOB");

        return new CreatedBulkJob(id, details.Instant("created_time"));
    }

    private static BulkJob Status(JsonElement? body)
    {
        var job = First(body);
        var result = job.Get("result") ?? default;
        var rows = result.Whole("count") ?? 0;
        return new BulkJob(
            job.Text("state") ?? "",
            job.Instant("created_time"),
            rows,
            result.Flag("more_records") ?? rows >= (result.Whole("per_page") ?? ZohoLimits.RowsPerBulkPage),
            result.Text("next_page_token"),
            result.Get("error_message")?.Text("code"),
            result.Text("download_url") is { } url && url.StartsWith('/') && !url.StartsWith("//", StringComparison.Ordinal) ? url : null);
    }

    private static JsonElement First(JsonElement? body)
    {
        var first = body?.Items("data").FirstOrDefault() ?? default;
        return first.ValueKind == JsonValueKind.Object ? first : throw new ZohoException(ZohoErrorKind.Unavailable, "UNEXPECTED_ANSWER");
    }
}
