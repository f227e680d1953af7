using MassTransit;
using MassTransit.Configuration;
using Npgsql;

namespace LeadSync.ServiceDefaults.Bus;

/// <summary>What is tried again, how often, and what waits meanwhile.</summary>
public static class Retries
{
    private static readonly TimeSpan OutagePause = TimeSpan.FromSeconds(5);

    /// <param name="pauses">Before each further attempt at a message that failed; after the last it has failed for good.</param>
    public static void RetryFailures(this IReceiveEndpointConfigurator endpoint, params TimeSpan[] pauses)
    {
        // Around the batches: between its attempts a message takes no batch's place, so that nothing waits for it, and each attempt is a batch of
        // its own, so that what came in together with one that always fails is not given up with it. UseMessageRetry would hold the whole batch.
        var alone = new ConsumeContextRetryPipeSpecification();
        alone.Intervals(pauses);
        endpoint.AddPipeSpecification(alone);

        // An outage of the database says nothing about the message, nor does a receiver that has not come up for the first time yet: hold the
        // batch until that ends, the others could not go on either. RabbitMQ takes a delivery back after half an hour and gives it again.
        endpoint.UseMessageRetry(outage =>
        {
            outage.Handle<NpgsqlException>(e => e.IsTransient);
            outage.Handle<MessageReturnedException>();
            outage.Interval(100_000, OutagePause);
        });
    }
}
