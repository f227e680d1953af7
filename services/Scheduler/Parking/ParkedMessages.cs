using System.Diagnostics;
using LeadSync.ServiceDefaults.Bus;
using LeadSync.ServiceDefaults.Telemetry;
using MassTransit.Logging;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace LeadSync.Scheduler.Parking;

/// <summary>Puts parked messages back into their queues, byte by byte as they were.</summary>
/// <remarks>Without MassTransit, because MassTransit could not even read some of them.</remarks>
internal sealed class ParkedMessages(Broker broker)
{
    /// <returns>The messages whose queue does not exist.</returns>
    public async Task<IReadOnlyCollection<ReplayedItem>> Send(IReadOnlyCollection<ReplayedItem> messages, CancellationToken ct)
    {
        if (messages.Count == 0)
            return [];

        await using var connection = await broker.Factory().CreateConnectionAsync(ct);
        await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(true, true), ct);
        var unsent = new List<ReplayedItem>();
        foreach (var message in messages)
        {
            using var replay = Linked(message);
            var properties = new BasicProperties
            {
                Persistent = true,
                ContentType = message.Properties?.ContentType,
                MessageId = message.Properties?.MessageId,
                Headers = message.Properties?.Headers.ToDictionary(header => header.Key, header => (object?)header.Value),
            };
            if (replay is not null && properties.Headers is { } headers)
                headers[DiagnosticHeaders.ActivityId] = replay.Id;
            try
            {
                await channel.BasicPublishAsync("", message.Origin, mandatory: true, properties, message.Content, ct);
            }
            catch (PublishException e) when (e.IsReturn)
            {
                unsent.Add(message);
            }
        }

        return unsent;
    }

    // A new trace, linked to the one in which the message failed: a replay may come days later.
    private static Activity? Linked(ReplayedItem message)
    {
        ActivityContext.TryParse(
            message.Properties?.Headers.GetValueOrDefault(DiagnosticHeaders.ActivityId), null, isRemote: true, out var failed);
        return LeadSyncTelemetry.Source.StartActivity(
            "replay message", ActivityKind.Producer, Activity.Current?.Context ?? default,
            links: failed == default ? null : [new ActivityLink(failed)]);
    }
}
