using System.Net;
using System.Net.Sockets;
using System.Text;
using LeadSync.Gateway.Zoho;
using LeadSync.Gateway.Zoho.Calls;
using LeadSync.Gateway.Zoho.Tokens;
using LeadSync.IntegrationTests.Sync;
using Npgsql;

namespace LeadSync.IntegrationTests.ZohoCalls;

/// <summary>All replicas share an access token, and what Zoho says with it, in the database.</summary>
public sealed class AccessTokenTests(OwnServers own) : IClassFixture<OwnServers>, IAsyncLifetime
{
    private static readonly ZohoOptions Options = new()
    {
        AccountsUrl = new Uri("https://accounts.test"),
        ClientId = "client",
        ClientSecret = "secret",
        RefreshToken = "refresh",
    };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private NpgsqlDataSource Database { get; } = NpgsqlDataSource.Create(own.Postgres);

    public async ValueTask InitializeAsync()
    {
        // As in the gateway's schema.sql.
        await using var command = Database.CreateCommand("""
            create schema if not exists gateway;
            create table if not exists gateway.access_token (
                only_row boolean primary key default true, value bytea, api_domain text, stale_at timestamptz, expires_at timestamptz,
                paused_until timestamptz, refused_until timestamptz);
            truncate gateway.access_token;
            insert into gateway.access_token default values
            """);
        await command.ExecuteNonQueryAsync(Stop);
    }

    public async ValueTask DisposeAsync() => await Database.DisposeAsync();

    [Fact]
    public async Task a_gateway_that_starts_with_a_token_without_its_api_host_knows_the_host_from_before()
    {
        using var before = Replica("""{"access_token":"first","expires_in":3600,"api_domain":"https://api.test"}""", TimeProvider.System);
        await before.Get(refused: null, Stop);
        using var later = Replica("""{"access_token":"second","expires_in":3600}""", new Later(TimeSpan.FromHours(1)));

        var token = await later.Get(refused: null, Stop);

        (token.Value, token.ApiDomain).ShouldBe(("second", new Uri("https://api.test")));
    }

    [Fact]
    public async Task a_replica_that_is_frozen_while_it_renews_the_token_keeps_no_other_from_renewing_it()
    {
        await using var frozen = await new AccessTokenStore(Database, Options).Open(Stop);
        using var other = Replica("""{"access_token":"others","expires_in":3600,"api_domain":"https://api.test"}""", TimeProvider.System);

        (await other.Get(refused: null, Stop).WaitAsync(TimeSpan.FromSeconds(10), Stop)).Value.ShouldBe("others");

        await using var limits = Database.CreateCommand("""
            select count(*) from pg_stat_activity
            where datname = current_database() and state = 'idle in transaction' and query like '%access_token for update%'
            """);
        (await limits.ExecuteScalarAsync(Stop)).ShouldBe(1L, "the frozen replica holds the row");
        await RunningSync.Until("PostgreSQL has ended the session of the frozen replica",
            async () => await limits.ExecuteScalarAsync(Stop) is 0L);
    }

    [Fact]
    public async Task a_database_that_does_not_answer_keeps_no_replica_from_a_token()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        await using var hanging = NpgsqlDataSource.Create(
            $"Host=127.0.0.1;Port={((IPEndPoint)silent.LocalEndpoint).Port};Timeout=60");
        using var replica = Replica(
            """{"access_token":"own","expires_in":3600,"api_domain":"https://api.test"}""", TimeProvider.System, hanging);

        (await replica.Get(refused: null, Stop).WaitAsync(TimeSpan.FromSeconds(10), Stop)).Value.ShouldBe("own");
    }

    private AccessTokens Replica(string answer, TimeProvider time, NpgsqlDataSource? database = null) =>
        new(new TokenEndpoint(new AccountsHost(answer), Options, new ZohoClock(time), time),
            new AccessTokenStore(database ?? Database, Options), time);

    private sealed class AccountsHost(string answer) : HttpMessageHandler, IHttpClientFactory
    {
        public HttpClient CreateClient(string name) => new(this, disposeHandler: false);

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage { Content = new StringContent(answer, Encoding.UTF8, "application/json") });
    }
}
