using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using LeadSync.Contracts;
using LeadSync.ServiceDefaults;

namespace LeadSync.Projector;

/// <summary>What the projector asks the gateway for directly: the synced fields, and the files of bulk reads.</summary>
internal sealed class GatewayClient(HttpClient http)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    public async Task<LeadFields> ReadFields(CancellationToken ct) =>
        await http.GetFromJsonAsync<LeadFields>("fields", Json, ct)
            ?? throw new InvalidDataException("the gateway described no fields");

    /// <summary>Streams a bulk read's zip; null when Zoho answers that there is nothing in it.</summary>
    public async Task<Stream?> OpenBulkRead(string jobId, CancellationToken ct)
    {
        var response = await http.GetAsync($"bulk-reads/{Uri.EscapeDataString(jobId)}", HttpCompletionOption.ResponseHeadersRead, ct);
        // 404: Zoho keeps a file for a day. 502: whatever Zoho answers for this job, it is no file, however often it is asked.
        if (response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.BadGateway)
            throw new BulkPages.PageRejectedException("Zoho does not hand out the file of this bulk read");

        response.EnsureSuccessStatusCode();
        return response.StatusCode == HttpStatusCode.NoContent ? null : await response.Content.ReadAsStreamAsync(ct);
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
}
