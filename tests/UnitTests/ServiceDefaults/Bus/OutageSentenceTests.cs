using System.Net.Sockets;
using LeadSync.ServiceDefaults.Bus;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace LeadSync.UnitTests.ServiceDefaults.Bus;

public sealed class OutageSentenceTests
{
    private static AlreadyClosedException Closed => new(new(ShutdownInitiator.Peer, 320, "gone"));

    public static TheoryData<Exception, string?> Failures => new()
    {
        { new BrokerUnreachableException(new AggregateException(new SocketException())), "RabbitMQ does not answer now" },
        { new InvalidOperationException("of a library", Closed), "RabbitMQ does not answer now" },
        { new OutageException("RabbitMQ did not confirm a message within 30 s."), "Nothing can be done now: RabbitMQ did not confirm" },
        { new Npgsql.NpgsqlException("reading", new IOException()), "The database does not answer now" },
        { new Npgsql.PostgresException("the database is starting", "FATAL", "FATAL", "57P03"), "The database does not answer now" },
        {
            new Npgsql.PostgresException("cannot execute INSERT in a read-only transaction", "ERROR", "ERROR", "25006"),
            "The database refuses this now: cannot execute INSERT in a read-only transaction. Try again"
        },
        { new InvalidOperationException(), null },
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public void an_outage_is_named_after_what_is_away(Exception failure, string? beginning)
    {
        if (beginning is null)
            OutageSentence.Of(failure).ShouldBeNull();
        else
            OutageSentence.Of(failure).ShouldNotBeNull().ShouldStartWith(beginning);
    }
}
