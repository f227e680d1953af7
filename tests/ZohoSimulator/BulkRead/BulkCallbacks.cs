using System.Net.Sockets;
using LeadSync.ZohoSimulator.Control;
using LeadSync.ZohoSimulator.Gate;

namespace LeadSync.ZohoSimulator.BulkRead;

/// <summary>Calls the callback when a job has ended. Zoho: the body is the status, without token and signature.</summary>
internal sealed class BulkCallbacks(BulkStatus status, Dials dials, Chance chance, Statistics statistics) : IDisposable
{
    private readonly HttpClient http = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false })
    {
        Timeout = TimeSpan.FromSeconds(10),
    };

    public async Task SendAsync(BulkJob job, CancellationToken stop)
    {
        if (job.Callback is null || chance.Happens(dials.BulkCallbackLossRate))
            return;

        var times = chance.Happens(dials.BulkCallbackDuplicateRate) ? 2 : 1;
        for (var time = 0; time < times; time++)
            statistics.Counted(await TrySendAsync(job, stop) ? "bulk.callbacksAccepted" : "bulk.callbacksRefused");
    }

    public void Dispose() => http.Dispose();

    private async Task<bool> TrySendAsync(BulkJob job, CancellationToken stop)
    {
        try
        {
            using var response = await http.PostAsJsonAsync(job.Callback, status.Of(job), ZohoJson.Options, stop);
            return response.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or SocketException or OperationCanceledException)
        {
            return false;
        }
    }
}
