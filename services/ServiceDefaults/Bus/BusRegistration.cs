using LeadSync.ServiceDefaults.Parking;
using LeadSync.ServiceDefaults.Presence;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace LeadSync.ServiceDefaults.Bus;

/// <summary>Everything about the broker that the services share. What they publish and consume is in their own folders.</summary>
public static class BusRegistration
{
    private static readonly TimeSpan[] BriefPauses =
        [.. new[] { 0.1, 0.5, 1, 2, 4, 8, 15 }.Select(TimeSpan.FromSeconds)];

    // RabbitMQ 4 has this limit unless told otherwise, older ones have none.
    private const int MostDeliveries = 20;

    // When a connection breaks while much is acknowledged and published, RabbitMQ.Client 7.2.2 may notice only by the heartbeats that stay away,
    // after three of them (decision 43). 60 s are agreed on otherwise.
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(10);

    public static void AddBus(this WebApplicationBuilder builder, Action<IBusRegistrationConfigurator> addConsumers)
    {
        var address = Address(new Settings(builder.Configuration));
        builder.Services.AddSingleton<Publish>(services => services.GetRequiredService<IBus>().Publish);
        builder.Services.AddMassTransit(bus =>
        {
            // Otherwise MassTransit reports to its makers how it is used.
            bus.DisableUsageTelemetry();
            bus.SetKebabCaseEndpointNameFormatter();
            addConsumers(bus);
            bus.AddConfigureEndpointsCallback((provider, name, endpoint) =>
            {
                if (InFlight.Queues.Contains(name))
                    endpoint.UseFilter<ConsumeContext>(provider.GetRequiredService<InFlight>());
                if (endpoint is IRabbitMqReceiveEndpointConfigurator queue)
                    queue.LeaveNothing(provider.GetRequiredService<ParkingLot>());
                endpoint.ParkFailures(provider);
                endpoint.RetryFailures(BriefPauses);
            });
            bus.UsingRabbitMq((context, rabbit) =>
            {
                rabbit.Host(address, host => host.Heartbeat(Heartbeat));
                rabbit.PublishTopology.BrokerTopologyOptions = PublishBrokerTopologyOptions.MaintainHierarchy;

                // RabbitMQ confirms a message that no queue is bound for, and drops it. Returned instead, the publish fails and is tried again
                // until whoever shall receive it has come up.
                rabbit.ConfigurePublish(publish => publish.UseExecute(message =>
                    message.Mandatory = message.GetType().GenericTypeArguments is [{ Namespace: { } name }] && name.StartsWith("LeadSync.", StringComparison.Ordinal)));
                rabbit.ReceiveEndpoint(context.GetRequiredService<ParkingLot>().Queue, queue =>
                {
                    queue.SetQuorumQueue();
                    // Nothing comes after this one.
                    queue.SetQueueArgument("x-delivery-limit", int.MaxValue);
                    queue.ParkFailures(context);
                });
                rabbit.ConfigureEndpoints(context);
            });
        });
    }

    /// <summary>What RabbitMQ gives up goes to the service's parking queue, and stays where it was until it has arrived there.</summary>
    private static void LeaveNothing(this IRabbitMqReceiveEndpointConfigurator queue, ParkingLot parkingLot)
    {
        queue.SetQuorumQueue();
        queue.SetQueueArgument("x-delivery-limit", MostDeliveries);
        queue.SetQueueArgument("x-dead-letter-exchange", "");
        queue.SetQueueArgument("x-dead-letter-routing-key", parkingLot.Queue);
        queue.SetQueueArgument("x-dead-letter-strategy", "at-least-once");
        queue.SetQueueArgument("x-overflow", "reject-publish");
    }

    private static void ParkFailures(this IReceiveEndpointConfigurator endpoint, IServiceProvider services)
    {
        var park = new ParkFilter(services.GetRequiredService<ParkingLot>(), services.GetRequiredService<TimeProvider>());
        endpoint.PublishFaults = false;
        endpoint.ConfigureError(failed => failed.UseFilter(park));
        endpoint.ConfigureDeadLetter(skipped => skipped.UseFilter(park));
    }

    /// <summary>The broker of <c>ConnectionStrings__RabbitMq</c>.</summary>
    public static Uri Address(Settings settings)
    {
        const string key = "ConnectionStrings__RabbitMq";
        const string example = "amqp://user:password@localhost:5672/";
        return Uri.TryCreate(settings.Required(key, example), UriKind.Absolute, out var address) && address.Scheme is "amqp" or "amqps"
            ? address
            : throw new SettingsException($"{key} is not an amqp address: write one, for example {key}={example}");
    }
}
