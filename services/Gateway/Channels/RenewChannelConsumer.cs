using System.Buffers.Text;
using System.Security.Cryptography;
using LeadSync.Contracts;
using LeadSync.Gateway.Zoho;
using MassTransit;

namespace LeadSync.Gateway.Channels;

/// <summary>Every renewal brings a new token, which is accepted before Zoho hears of it.</summary>
/// <remarks>Published by the bus for the same reason as in <see cref="Notifications.LeadsAnnouncedConsumer"/>.</remarks>
internal sealed partial class RenewChannelConsumer(
    IZoho zoho, ChannelStore store, GatewayOptions gateway, IBus bus, ZohoClock clock, ILogger<RenewChannelConsumer> log) : IConsumer<RenewChannel>
{
    private static readonly TimeSpan Overlap = TimeSpan.FromHours(1);

    public async Task Consume(ConsumeContext<RenewChannel> context)
    {
        var ct = context.CancellationToken;
        var channel = await store.Get(ct);
        // Zoho: at most 50 characters.
        var token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(24));
        var hash = AcceptedTokens.Hash(token);
        try
        {
            var renewedAt = await clock.Ask(zoho, ct);
            var expiry = renewedAt + context.Message.Lifetime;
            await store.Accept(hash, expiry + Overlap, ct);
            var request = new WatchRequest(channel.Id, token, gateway.NotifyUrl, expiry);
            var renewal = await ChannelRenewal.Renew(zoho, request, channel.WasOpened, renewedAt, ct);
            await store.Replace(hash, clock.Now, ct);
            WarnOfShortLife(context.Message.Lifetime, renewal.ExpiresAt - renewedAt);
            await bus.Publish(new ChannelRenewed(channel.Id, renewedAt, renewal.ExpiresAt, renewal.Reopened), ct);
        }
        catch (ZohoException e)
        {
            // Zoho may have taken the token all the same: it stays accepted beside the earlier ones.
            Failed(e.Message);
            await bus.Publish(new ChannelRenewalFailed(e.Message), ct);
        }
    }

    private void WarnOfShortLife(TimeSpan asked, TimeSpan granted)
    {
        if (granted < asked * 0.9)
            ShortLife(asked, granted);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The channel was not renewed: {Reason}")]
    private partial void Failed(string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message =
        "Zoho grants the channel {Granted} where {Asked} were asked for, maybe because that is too long: lower Scheduler__ChannelLifetime")]
    private partial void ShortLife(TimeSpan asked, TimeSpan granted);
}

internal sealed class RenewChannelConsumerDefinition : ConsumerDefinition<RenewChannelConsumer>
{
    // One renewal at a time, whatever the number of replicas: the tokens of two would push each other out.
    protected override void ConfigureConsumer(
        IReceiveEndpointConfigurator endpoint, IConsumerConfigurator<RenewChannelConsumer> consumer, IRegistrationContext context)
    {
        endpoint.PrefetchCount = 1;
        if (endpoint is IRabbitMqReceiveEndpointConfigurator queue)
            queue.SingleActiveConsumer = true;
    }
}
