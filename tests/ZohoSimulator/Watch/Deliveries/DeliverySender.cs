using System.Net.Http.Headers;
using LeadSync.ZohoSimulator.Control;

namespace LeadSync.ZohoSimulator.Watch.Deliveries;

/// <summary>Posts deliveries and counts what became of them.</summary>
internal sealed class DeliverySender(DeliveryBody body, DeliveryQueue queue, Dials dials, Statistics statistics) : IDisposable
{
    private static readonly MediaTypeHeaderValue Json = new("application/json", "UTF-8");

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    public async Task SendAsync(Delivery delivery, CancellationToken stop)
    {
        statistics.Counted("deliveries.sent");
        var outcome = await OutcomeAsync(delivery, stop);
        statistics.Counted($"deliveries.{outcome}");
        if (outcome != "accepted" && delivery.Attempt < dials.DeliveryRetries)
        {
            var pause = (long)(dials.DeliveryRetryPause.TotalSeconds * TimeProvider.System.TimestampFrequency);
            queue.Add(delivery with { Attempt = delivery.Attempt + 1, Due = TimeProvider.System.GetTimestamp() + pause, OutOfOrder = true });
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<string> OutcomeAsync(Delivery delivery, CancellationToken stop)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(dials.DeliveryTimeout);
        try
        {
            using var content = new ByteArrayContent(body.Write(delivery)) { Headers = { ContentType = Json } };
            using var response = await _http.PostAsync(delivery.Channel.NotifyUrl, content, patience.Token);
            return response.IsSuccessStatusCode ? "accepted" : "refused";
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return "timedOut";
        }
        catch (HttpRequestException)
        {
            return "unreachable";
        }
    }
}
