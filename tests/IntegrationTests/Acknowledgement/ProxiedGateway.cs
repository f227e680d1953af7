using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using LeadSync.DevStack.Services;
using LeadSync.IntegrationTests.Sync;
using LeadSync.TestSupport.Network;
using Npgsql;

namespace LeadSync.IntegrationTests.Acknowledgement;

/// <summary>An additional replica of a sync's gateway, with a proxy before its broker and one before its database.</summary>
internal sealed class ProxiedGateway : IAsyncDisposable
{
    private readonly AcknowledgingSync sync;
    private readonly ServiceProcess process;

    private ProxiedGateway(AcknowledgingSync sync)
    {
        this.sync = sync;
        var direct = sync.Sync.Services.Environment;
        var rabbitMq = new UriBuilder(direct["ConnectionStrings__RabbitMq"]);
        var postgres = new NpgsqlConnectionStringBuilder(direct["ConnectionStrings__Postgres"]);
        Broker = new TcpProxy(rabbitMq.Port);
        Database = new TcpProxy(postgres.Port);
        (rabbitMq.Host, rabbitMq.Port) = ("127.0.0.1", Broker.Port);
        (postgres.Host, postgres.Port) = ("127.0.0.1", Database.Port);
        process = sync.Sync.Services.Another(
            "Gateway",
            KeyValuePair.Create("ConnectionStrings__RabbitMq", $"{rabbitMq.Uri}"),
            KeyValuePair.Create("ConnectionStrings__Postgres", postgres.ConnectionString));
    }

    public TcpProxy Broker { get; }

    public TcpProxy Database { get; }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static async Task<ProxiedGateway> StartAsync(AcknowledgingSync sync)
    {
        var gateway = new ProxiedGateway(sync);
        try
        {
            await gateway.process.StartAsync(Stop);
            return gateway;
        }
        catch
        {
            await gateway.DisposeAsync();
            throw;
        }
    }

    /// <summary>Posts a notification as Zoho does.</summary>
    public async Task<Answer> Post(object notification)
    {
        var started = TimeProvider.System.GetTimestamp();
        using var answer = await process.Http.PostAsJsonAsync(sync.NotifyPath, notification, JsonSerializerOptions.Default, Stop);
        return new Answer(answer.StatusCode, answer.Headers.RetryAfter?.Delta, TimeProvider.System.GetElapsedTime(started));
    }

    public Task UntilAccepted(object notification) => RunningSync.Until("the gateway accepts a notification again", async () =>
        (await Post(notification)).Status == HttpStatusCode.OK);

    /// <summary>Kills the replica (SIGKILL).</summary>
    public Task KillAsync() => process.KillAsync();

    /// <summary>Asks the replica to end. LeadSync would take a killed replica for a crash.</summary>
    public async ValueTask DisposeAsync()
    {
        await process.StopAsync();
        await process.DisposeAsync();
        await Broker.DisposeAsync();
        await Database.DisposeAsync();
    }
}

/// <param name="RetryAfter">The time after which the gateway asks Zoho to try again.</param>
/// <param name="Took">The time from the request to the answer's headers.</param>
internal sealed record Answer(HttpStatusCode Status, TimeSpan? RetryAfter, TimeSpan Took)
{
    // The gateway gives up after five seconds. The additional time is for a busy machine.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    /// <summary>The gateway asks Zoho to try again, before Zoho's own timeout.</summary>
    public void ShouldBeRefused()
    {
        Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        RetryAfter.ShouldNotBeNull().ShouldBeGreaterThan(TimeSpan.Zero);
        Took.ShouldBeLessThan(Longest);
    }
}
