using System.Net.Sockets;
using MassTransit;
using Npgsql;

namespace LeadSync.ServiceDefaults.Bus;

/// <summary>Which failures are retried, and how often.</summary>
public static class Retries
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(15);

    // PostgreSQL: a read-only transaction (a standby, a full disk), too few resources, and failures of the server's system.
    private static readonly string[] RefusalStates = ["25006", "53", "58"];

    // PostgreSQL: the server ends, begins, or cancels what it does. All these codes describe the server's state rather than a statement.
    private static readonly string[] OutageStates = [.. RefusalStates, "57"];

    /// <param name="pauses">The pauses before the retries of a failed message. After the last retry the message has failed for
    /// good.</param>
    public static void RetryFailures(this IReceiveEndpointConfigurator endpoint, params TimeSpan[] pauses)
    {
        endpoint.UseMessageRetry(failure => failure.Intervals(pauses));

        // During an outage every message would fail, so a message may wait here without holding up others. RabbitMQ takes a delivery back
        // after half an hour, and delivers it again.
        endpoint.UseMessageRetry(outage =>
        {
            outage.Handle<Exception>(IsOutage);
            outage.Exponential(100_000, FirstPause, LongestPause, FirstPause);
        });
    }

    /// <summary>An outage of the database or of another service is not the message's fault. Neither is a receiver that has not started for
    /// the first time yet.</summary>
    public static bool IsOutage(Exception failure)
    {
        for (var cause = failure; cause is not null; cause = cause.InnerException)
        {
            // Npgsql reports a name that DNS does not know as a bare SocketException.
            if (cause is MessageReturnedException or OutageException or SocketException
                    or NpgsqlException { IsTransient: true } or NpgsqlException { InnerException: IOException or SocketException }
                || (cause is PostgresException said && IsIn(OutageStates, said)))
                return true;
        }

        return false;
    }

    /// <summary>Whether the database answers, and cannot do what it was asked: it is a copy that takes no writes, or its disk is full.
    /// </summary>
    internal static bool IsRefusal(PostgresException said) => IsIn(RefusalStates, said);

    /// <summary>Whether the database failed to do something, for any reason of the server, the network or DNS.</summary>
    public static bool IsOfDatabase(Exception failure) => failure is NpgsqlException || IsOutage(failure);

    /// <summary>The pause before the next retry of something that never gives up: doubled each time.</summary>
    internal static TimeSpan Pause(int attempts) =>
        TimeSpan.FromTicks(Math.Min(TimeSpan.FromMinutes(1).Ticks, FirstPause.Ticks << Math.Min(attempts, 10)));

    private static bool IsIn(string[] states, PostgresException said) =>
        states.Any(state => said.SqlState.StartsWith(state, StringComparison.Ordinal));
}

/// <summary>Another service does not answer, or not yet. The caller retries until it does.</summary>
public sealed class OutageException(string reason, Exception? cause = null) : Exception(reason, cause);
