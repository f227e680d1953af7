using MassTransit;
using Npgsql;

namespace LeadSync.ServiceDefaults.Bus;

/// <summary>What is tried again, and how often.</summary>
public static class Retries
{
    private static readonly TimeSpan OutagePause = TimeSpan.FromSeconds(5);

    /// <param name="pauses">Before each further attempt at a message that failed; after the last it has failed for good.</param>
    public static void RetryFailures(this IReceiveEndpointConfigurator endpoint, params TimeSpan[] pauses)
    {
        endpoint.UseMessageRetry(failure => failure.Intervals(pauses));

        // The others could not go on either. RabbitMQ takes a delivery back after half an hour and gives it again.
        endpoint.UseMessageRetry(outage =>
        {
            outage.Handle<Exception>(IsOutage);
            outage.Interval(100_000, OutagePause);
        });
    }

    /// <summary>
    /// An outage of the database or of another service says nothing about a message, nor does a receiver that has not come up for the first time yet.
    /// </summary>
    public static bool IsOutage(Exception failure) => failure is NpgsqlException { IsTransient: true } or MessageReturnedException or OutageException;
}

/// <summary>Another service does not answer, or not yet: whatever needs it is tried again until it does.</summary>
public sealed class OutageException(string reason, Exception? cause = null) : Exception(reason, cause);
