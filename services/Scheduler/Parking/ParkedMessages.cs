using LeadSync.ServiceDefaults;
using LeadSync.ServiceDefaults.Bus;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace LeadSync.Scheduler.Parking;

/// <summary>Puts parked messages back into their queues, byte by byte as they were.</summary>
/// <remarks>Below MassTransit: some of them could not even be read.</remarks>
internal sealed class ParkedMessages(IConfiguration configuration)
{
    /// <returns>Those whose queue does not exist.</returns>
    public async Task<IReadOnlyCollection<ReplayedItem>> Send(IReadOnlyCollection<ReplayedItem> messages, CancellationToken ct)
    {
        if (messages.Count == 0)
            return [];

        var factory = new ConnectionFactory { Uri = BusRegistration.Address(new Settings(configuration)) };
        await using var connection = await factory.CreateConnectionAsync(ct);
        await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(true, true), ct);
        var unsent = new List<ReplayedItem>();
        foreach (var message in messages)
        {
            var properties = new BasicProperties
            {
                Persistent = true,
                ContentType = message.Properties?.ContentType,
                MessageId = message.Properties?.MessageId,
                Headers = message.Properties?.Headers.ToDictionary(header => header.Key, header => (object?)header.Value),
            };
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
}
