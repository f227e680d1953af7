using LeadSync.ServiceDefaults.Parking;
using LeadSync.ServiceDefaults.Presence;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LeadSync.ServiceDefaults.Bus;

/// <summary>The services' common set-up of the broker. Each service's own folders have its consumers and messages.</summary>
public static class BusRegistration
{
    private static readonly TimeSpan[] FailurePauses =
        [.. new[] { 0.1, 0.5, 1, 2, 4, 8, 15 }.Select(TimeSpan.FromSeconds)];

    // The default of RabbitMQ 4. Older versions have no limit.
    private const int MostDeliveries = 20;

    // When a connection breaks while much is acknowledged and published, RabbitMQ.Client 7.2.2 may notice only after three missed
    // heartbeats (decision 43). The default is 60 s.
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(10);

    // A publish on a dead connection may never end, and ignores its cancellation token (decision 43).
    private static readonly TimeSpan ConfirmedWithin = TimeSpan.FromSeconds(30);

    public static void AddBus(this WebApplicationBuilder builder, Action<IBusRegistrationConfigurator> addConsumers)
    {
        var settings = new Settings(builder.Configuration);
        var broker = Broker.From(settings);
        builder.Services.AddSingleton(broker);
        builder.AddHangWatch(settings.Duration("Bus__Patience", TimeSpan.FromMinutes(2), least: TimeSpan.FromSeconds(1)));
        builder.Services.AddSingleton<Publish>(services =>
        {
            var bus = services.GetRequiredService<IBus>();
            return async (message, ct) =>
            {
                try
                {
                    await bus.Publish(message, ct).WaitAsync(ConfirmedWithin, ct);
                }
                catch (TimeoutException e)
                {
                    throw new OutageException($"RabbitMQ did not confirm a message within {ConfirmedWithin.TotalSeconds:0} s.", e);
                }
            };
        });
        builder.Services.AddMassTransit(bus =>
        {
            // Otherwise MassTransit sends usage data to its makers.
            bus.DisableUsageTelemetry();
            bus.SetKebabCaseEndpointNameFormatter();
            addConsumers(bus);
            bus.AddReceiveObserver(provider => provider.GetRequiredService<Progress>());
            bus.AddConfigureEndpointsCallback((provider, name, endpoint) =>
            {
                if (InFlight.Queues.Contains(name))
                    endpoint.UseFilter<ConsumeContext>(provider.GetRequiredService<InFlight>());
                if (endpoint is IRabbitMqReceiveEndpointConfigurator queue)
                    queue.DeadLetterTo(provider.GetRequiredService<ParkingLot>());
                endpoint.ParkFailures(provider);
                endpoint.RetryFailures(FailurePauses);
                // Inside the retries, because each attempt is progress.
                endpoint.UseConsumeFilter(typeof(ProgressFilter<>), provider);
                provider.GetRequiredService<Progress>().Of(name);
            });
            bus.UsingRabbitMq((context, rabbit) =>
            {
                rabbit.Host(broker.Address, host =>
                {
                    host.Heartbeat(Heartbeat);
                    if (broker.IsEncrypted)
                        host.UseSsl(ssl => ssl.Trust(broker));
                });
                rabbit.PublishTopology.BrokerTopologyOptions = PublishBrokerTopologyOptions.MaintainHierarchy;

                // By default, RabbitMQ confirms a message without a queue, and drops it. A mandatory message is returned: the publish
                // fails, and is retried until the receiver has started.
                rabbit.ConfigurePublish(publish => publish.UseExecute(message =>
                    message.Mandatory = message.GetType().GenericTypeArguments is [{ Namespace: { } name }]
                        && name.StartsWith("LeadSync.", StringComparison.Ordinal)));
                rabbit.ReceiveEndpoint(context.GetRequiredService<ParkingLot>().Queue, queue =>
                {
                    queue.SetQuorumQueue();
                    // No other queue comes after this one, so RabbitMQ must not give up its messages.
                    queue.SetQueueArgument("x-delivery-limit", int.MaxValue);
                    queue.ParkFailures(context);
                });
                rabbit.ConfigureEndpoints(context);
            });
        });
    }

    private static void AddHangWatch(this WebApplicationBuilder builder, TimeSpan patience)
    {
        builder.Services.AddSingleton<Progress>();
        builder.Services.AddSingleton(provider => new HangWatch(
            provider.GetRequiredService<Broker>(),
            patience,
            provider.GetRequiredService<Progress>(),
            // A hang would also block a graceful end.
            end: () => Environment.Exit(HangWatch.ExitCode),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<HangWatch>>()));
        builder.Services.AddHostedService(provider => provider.GetRequiredService<HangWatch>());
        builder.Services.AddHealthChecks().AddCheck<HangWatch>("messages", tags: ["live"]);
    }

    /// <summary>RabbitMQ dead-letters a message that it gives up into the service's parking queue, at least once.</summary>
    private static void DeadLetterTo(this IRabbitMqReceiveEndpointConfigurator queue, ParkingLot parkingLot)
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
        var park = new ParkFilter(
            services.GetRequiredService<ParkingLot>(), services.GetRequiredService<Progress>(),
            services.GetRequiredService<TimeProvider>(), services.GetRequiredService<ILogger<ParkFilter>>());
        endpoint.PublishFaults = false;
        endpoint.ConfigureError(failed => failed.UseFilter(park));
        endpoint.ConfigureDeadLetter(skipped => skipped.UseFilter(park));
    }

    // By itself, MassTransit decides by the port whether to encrypt, not by the scheme.
    private static void Trust(this IRabbitMqSslConfigurator ssl, Broker broker)
    {
        ssl.ServerName = broker.Address.Host;
        ssl.Protocol = System.Security.Authentication.SslProtocols.None;
        ssl.CertificateValidationCallback = (_, shown, chain, errors) => broker.IsTrusted(shown, chain, errors);
        ssl.Certificate = broker.Certificate;
    }
}
