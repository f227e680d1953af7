using MassTransit;
using Npgsql;
using RabbitMQ.Client.Exceptions;

namespace LeadSync.ServiceDefaults.Bus;

/// <summary>The sentence that tells a caller which server is away, and what to do.</summary>
public static class OutageSentence
{
    public const string OfDatabase = "The database does not answer now: try again in a few seconds.";

    private const string OfBroker = "RabbitMQ does not answer now: see that it runs, and try again.";
    private const string OfReceiver = "The service that has to do this has never run: start it, and try again.";

    /// <returns>Null when the failure is no outage.</returns>
    public static string? Of(Exception failure)
    {
        for (var cause = failure; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case MessageReturnedException:
                    return OfReceiver;
                case BrokerUnreachableException or AlreadyClosedException or OperationInterruptedException or ConnectionException:
                    return OfBroker;
                case PostgresException refusal when Retries.IsRefusal(refusal):
                    return $"The database refuses this now: {refusal.MessageText.TrimEnd('.')}. Try again when that is mended.";
                case OutageException:
                    return $"Nothing can be done now: {cause.Message.TrimEnd('.')}. Try again in a few seconds.";
            }
        }

        return Retries.IsOutage(failure) ? OfDatabase : null;
    }
}
