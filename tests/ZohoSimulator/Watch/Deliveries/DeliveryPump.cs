using System.Threading.Channels;

namespace LeadSync.ZohoSimulator.Watch.Deliveries;

/// <summary>Sends due deliveries, on several lanes at once. A lead keeps its lane, so its deliveries stay in order.</summary>
internal sealed class DeliveryPump(DeliveryQueue queue, DeliverySender sender, Dials dials, Chance chance) : BackgroundService
{
    private const int MostLanes = 64;
    private const int LaneLength = 64;

    private readonly Channel<Delivery>[] lanes =
        [.. Enumerable.Range(0, MostLanes).Select(_ => Channel.CreateBounded<Delivery>(LaneLength))];

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(lanes.Select(lane => SendAsync(lane.Reader, stoppingToken)).Append(DistributeAsync(stoppingToken)));

    private async Task DistributeAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var delivery = await queue.TakeAsync(stop);
            var lanes = dials.DeliveryIds > 1 && !delivery.OutOfOrder ? 1 : Math.Clamp(dials.DeliveryParallelism, 1, MostLanes);
            var lane = delivery.OutOfOrder ? chance.Below(lanes) : (int)(delivery.Events[0].Lead.Root % (uint)lanes);
            await this.lanes[lane].Writer.WriteAsync(delivery, stop);
        }
    }

    private async Task SendAsync(ChannelReader<Delivery> lane, CancellationToken stop)
    {
        await foreach (var delivery in lane.ReadAllAsync(stop))
            await sender.SendAsync(delivery, stop);
    }
}
