using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Net.Sockets;
using LeadSync.ZohoSimulator.Control;

namespace LeadSync.ZohoSimulator.Watch.Deliveries;

/// <summary>Posts deliveries, and counts their outcomes.</summary>
internal sealed class DeliverySender(
    DeliveryBody body, DeliveryQueue queue, Channels channels, Dials dials, Statistics statistics, DeliveryLog log) : IDisposable
{
    private static readonly MediaTypeHeaderValue Json = new("application/json", "UTF-8");

    private readonly ConcurrentDictionary<string, int> failures = new();

    private readonly HttpClient http = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    public async Task SendAsync(Delivery delivery, CancellationToken stop)
    {
        statistics.Counted("deliveries.sent");
        var (outcome, status) = await OutcomeAsync(delivery, stop);
        log.Note(delivery, outcome, status);
        statistics.Counted($"deliveries.{outcome}");
        CountFailures(delivery.Channel.ChannelId, failed: outcome != "accepted");
        if (outcome != "accepted" && delivery.Attempt < dials.DeliveryRetries)
        {
            var due = TimeProvider.System.GetTimestamp()
                + (long)(dials.DeliveryRetryPause.TotalSeconds * TimeProvider.System.TimestampFrequency);
            queue.Add(delivery with { Attempt = delivery.Attempt + 1, Due = due, OutOfOrder = true });
        }
    }

    public void Dispose() => http.Dispose();

    private void CountFailures(string channelId, bool failed)
    {
        var failures = this.failures.AddOrUpdate(channelId, failed ? 1 : 0, (_, count) => failed ? count + 1 : 0);
        if (dials.ChannelFailures > 0 && failures >= dials.ChannelFailures)
            channels.Remove(channel => channel.ChannelId == channelId);
    }

    private async Task<(string Outcome, int? Status)> OutcomeAsync(Delivery delivery, CancellationToken stop)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(dials.DeliveryTimeout);
        try
        {
            using var content = new ByteArrayContent(body.Write(delivery)) { Headers = { ContentType = Json } };
            using var response = await http.PostAsync(delivery.Channel.NotifyUrl, content, patience.Token);
            return (response.IsSuccessStatusCode ? "accepted" : "refused", (int)response.StatusCode);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return ("timedOut", null);
        }
        catch (Exception e) when (e is HttpRequestException or SocketException)
        {
            // .NET throws the second one when the connection is reset just after it was accepted.
            return ("unreachable", null);
        }
    }
}
