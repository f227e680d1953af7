using System.Text.Json;

namespace LeadSync.Gateway.Zoho;

internal sealed partial class HttpZoho
{
    private string BulkReads => $"/crm/bulk/{options.ApiVersion}/read";

    public Task<CreatedBulkJob> CreateBulkJob(BulkQuery query, CancellationToken ct) =>
        Ask(new Call("bulk-create", HttpMethod.Post, BulkReads, BulkReadJson.Request(query), Credits: 50), BulkReadJson.Created, ct);

    public Task<BulkJob> ReadBulkJob(string jobId, CancellationToken ct) =>
        Ask(new Call("bulk-status", HttpMethod.Get, $"{BulkReads}/{jobId}"), BulkReadJson.Status, ct);

    public async Task<BulkResult?> OpenBulkResult(string jobId, CancellationToken ct)
    {
        try
        {
            return await Download($"{BulkReads}/{jobId}/result", ct);
        }
        catch (ZohoException e) when (e.Kind == ZohoErrorKind.NotFound)
        {
            // Zoho prints this path in two ways; the job says which it has. Its host is never followed.
            var other = (await ReadBulkJob(jobId, ct)).DownloadPath;
            if (other is null || !other.Contains($"/{jobId}/", StringComparison.Ordinal))
                throw;

            return await Download(other, ct);
        }
    }

    private Task<BulkResult?> Download(string path, CancellationToken ct) =>
        Run(new Call("bulk-result", HttpMethod.Get, path), HttpCompletionOption.ResponseHeadersRead, Open, ct);

    private async Task<BulkResult?> Open(HttpResponseMessage response, CancellationToken ct)
    {
        try
        {
            var content = response.Content;
            if (IsFile(response))
                return new BulkResult(await content.ReadAsStreamAsync(ct), content.Headers.ContentLength, response);

            // 204, an error, or a page of HTML under 200.
            JsonElement? body = await Json(response, ct);
            response.Dispose();
            return body is null ? null : throw new ZohoException(ZohoErrorKind.Unavailable, "NO_FILE", (int)response.StatusCode);
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    // Zoho: application/zip in some texts, application/x-download in others; so anything that is not an answer to read.
    private static bool IsFile(HttpResponseMessage response) =>
        (int)response.StatusCode == 200 && response.Content.Headers.ContentType?.MediaType is not ("application/json" or "text/html");
}
