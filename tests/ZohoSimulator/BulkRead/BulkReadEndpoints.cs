using LeadSync.ZohoSimulator.Gate;

namespace LeadSync.ZohoSimulator.BulkRead;

/// <summary><c>/crm/bulk/{version}/read</c>.</summary>
internal sealed class BulkReadEndpoints(BulkRequest requests, BulkJobs jobs, BulkPageTokens tokens, BulkStatus status, Dials dials)
{
    /// <summary>Zoho: pages beyond the 500th cannot be reached.</summary>
    private const int MostPages = 500;

    public async Task<IResult> Create(string version, HttpRequest request)
    {
        if (request.ContentType?.StartsWith("application/json", StringComparison.OrdinalIgnoreCase) != true)
            throw new ZohoError(415, "MEDIA_TYPE_NOT_SUPPORTED", "the content type is not supported");

        var body = await ZohoJson.BodyAsync(request);
        var query = body.Member("query") ?? throw ZohoError.Mandatory(new { api_name = "query" });
        var callback = requests.ReadCallback(body);
        var continuation = version != "v6" && query.Member("page_token") is { } token ? tokens.Read($"{token}") : null;
        var job = continuation is null
            ? jobs.Start(version, requests.ReadQuery(query), BulkRequest.ReadPage(query, LastPage(version)), callback, null)
            : jobs.Start(version, continuation.Query, continuation.Page, callback, continuation);
        return ZohoJson.Answer(status.OfNew(job), 201);
    }

    public IResult Status(string id) => ZohoJson.Answer(status.Of(jobs.Find(id)));

    // Zoho: in v7 and v8, "page" reaches only the first 200,000 records.
    private int LastPage(string version) => version != "v6" && dials.BulkPageTokens ? 1 : MostPages;
}
