using LeadSync.Contracts;
using LeadSync.Gateway.Zoho;
using MassTransit;

namespace LeadSync.Gateway.Channels;

/// <remarks>Published by the bus for the same reason as in <see cref="Notifications.LeadsAnnouncedConsumer"/>.</remarks>
internal sealed partial class CheckChannelConsumer(
    IZoho zoho, ChannelStore store, GatewayOptions gateway, IBus bus, ZohoClock clock, ILogger<CheckChannelConsumer> log) : IConsumer<CheckChannel>
{
    public async Task Consume(ConsumeContext<CheckChannel> context)
    {
        var accepted = await store.Accepted(context.CancellationToken);
        try
        {
            var checkedAt = await clock.Ask(zoho, context.CancellationToken);
            var channel = await zoho.FindChannel(accepted.ChannelId, context.CancellationToken);
            await bus.Publish(ChannelCheck.Result(channel, accepted, gateway.NotifyUrl, checkedAt), context.CancellationToken);
        }
        catch (ZohoException e)
        {
            // Nothing is known; the next check may know more.
            NotChecked(e.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The channel could not be checked: {Reason}")]
    private partial void NotChecked(string reason);
}
