using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using LeadSync.Contracts;
using LeadSync.Projector.BulkPages;
using LeadSync.ServiceDefaults;
using LeadSync.ServiceDefaults.Bus;
using LeadSync.ServiceDefaults.Network;

namespace LeadSync.Projector;

/// <summary>The projector's HTTP calls to the gateway: the synced fields, the dictionary, and the files of bulk reads.</summary>
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

    /// <summary>Reads the names of users and fields.</summary>
    /// <returns>Null when no gateway can answer now, or all gateways are of an earlier version without this path.</returns>
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

    /// <summary>Downloads a bulk read's zip. The file is empty when Zoho answers that the job has no rows.</summary>
    /// <returns>Null when Zoho does not have the file yet, or has it no more: Zoho keeps a file for a day.</returns>
    /// <exception cref="PageRejectedException">Zoho refuses the file, or the file is not such a zip.</exception>
    /// <exception cref="OutageException">No gateway answers, Zoho refuses downloads for a while, or the transfer broke
    /// off: try again.</exception>
    public async Task<PageFile?> ReadBulkRead(string jobId, CancellationToken ct)
    {
        using var response = await Get($"bulk-reads/{Uri.EscapeDataString(jobId)}", ct);
        if (response.StatusCode == HttpStatusCode.NotFound)
            return null;
        // 502: Zoho has no file for this job, and never will.
        if (response.StatusCode == HttpStatusCode.BadGateway)
            throw new PageRejectedException("Zoho refuses the file of this bulk read");
        // 503: Zoho allows ten downloads a minute.
        if (!response.IsSuccessStatusCode)
            throw new OutageException("the gateway cannot give the file yet");

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
        }).ConfigurePrimaryHttpMessageHandler(Outward.Inside);
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
