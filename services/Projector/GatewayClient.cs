using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using LeadSync.Contracts;
using LeadSync.Projector.BulkPages;
using LeadSync.ServiceDefaults;
using LeadSync.ServiceDefaults.Bus;

namespace LeadSync.Projector;

/// <summary>What the projector asks the gateway for directly: the synced fields, and the files of bulk reads.</summary>
internal sealed class GatewayClient(HttpClient http)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    /// <exception cref="OutageException">No gateway answers.</exception>
    public async Task<LeadFields> ReadFields(CancellationToken ct)
    {
        using var response = await Get("fields", ct);
        return response.IsSuccessStatusCode && await response.Content.ReadFromJsonAsync<LeadFields>(Json, ct) is { } fields
            ? fields
            : throw new OutageException("the gateway describes no fields");
    }

    /// <summary>What names and explains ids and columns.</summary>
    /// <returns>Null when no gateway can say it now, or none is new enough to know the question.</returns>
    public async Task<LeadDictionary?> ReadDictionary(CancellationToken ct)
    {
        try
        {
            using var response = await Get("dictionary", ct);
            return response.IsSuccessStatusCode ? await response.Content.ReadFromJsonAsync<LeadDictionary>(Json, ct) : null;
        }
        catch (OutageException)
        {
            return null;
        }
    }

    /// <summary>Takes a copy of a bulk read's zip; of nothing when Zoho answers that there is nothing in it.</summary>
    /// <exception cref="PageRejectedException">Zoho does not hand it out, or it is no such zip.</exception>
    /// <exception cref="OutageException">No gateway answers, Zoho lets nobody download for a while, or the transfer broke
    /// off: to be tried again.</exception>
    public async Task<PageFile> ReadBulkRead(string jobId, CancellationToken ct)
    {
        using var response = await Get($"bulk-reads/{Uri.EscapeDataString(jobId)}", ct);
        // 404: Zoho keeps a file for a day. 502: whatever Zoho answers for this job, it is no file, however often it is asked.
        if (response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.BadGateway)
            throw new PageRejectedException("Zoho does not hand out the file of this bulk read");
        // 503: Zoho allows ten downloads a minute.
        if (!response.IsSuccessStatusCode)
            throw new OutageException("the gateway does not hand out the file yet");

        return await PageFile.Keep(
            response.StatusCode == HttpStatusCode.NoContent ? null : await response.Content.ReadAsStreamAsync(ct), ct);
    }

    public static void Add(WebApplicationBuilder builder)
    {
        var address = new Settings(builder.Configuration).Url("Gateway__InternalUrl", "http://localhost:8080");
        builder.Services.AddHttpClient<GatewayClient>(http =>
        {
            http.BaseAddress = new Uri(address.ToString().TrimEnd('/') + '/');
            http.Timeout = TimeSpan.FromMinutes(5);
        });
    }

    private async Task<HttpResponseMessage> Get(string path, CancellationToken ct)
    {
        try
        {
            return await http.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, ct);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException && !ct.IsCancellationRequested)
        {
            throw new OutageException("no gateway answers", e);
        }
    }
}
