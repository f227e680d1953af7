using LeadSync.Gateway.Credits;
using LeadSync.Gateway.Zoho;
using LeadSync.ServiceDefaults.Database;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace LeadSync.IntegrationTests.ZohoCalls;

/// <summary>All replicas share in the database how many credits they have spent, and what Zoho last said about the rest.</summary>
public sealed class CreditRecorderTests(OwnServers own) : IClassFixture<OwnServers>, IAsyncLifetime
{
    private static readonly ZohoOptions Options = new()
    {
        AccountsUrl = new Uri("https://accounts.test"),
        ClientId = "client",
        ClientSecret = "secret",
        RefreshToken = "refresh",
        DailyCredits = 10_000,
    };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private NpgsqlDataSource Database { get; } = NpgsqlDataSource.Create(own.Postgres);

    public async ValueTask InitializeAsync() => await Database.Execute("truncate gateway.credits, gateway.credits_said", Stop);

    public async ValueTask DisposeAsync() => await Database.DisposeAsync();

    [Fact]
    public async Task what_zoho_said_last_to_one_replica_is_what_every_replica_reports()
    {
        var (busy, idle) = (new Replica(Database), new Replica(Database));
        busy.Count.Answered(40, left: 0, isSuccess: true, TimeProvider.System.GetUtcNow());

        (await busy.Reported()).ShouldBe((40, 0));
        (await idle.Reported()).ShouldBe((40, 0));
        (await new Replica(Database).Reported()).ShouldBe((40, 0), "a restart forgets nothing");
        idle.Count.Answered(1, left: 70, isSuccess: true, TimeProvider.System.GetUtcNow());
        (await idle.Reported()).ShouldBe((41, 70));
        (await busy.Reported()).ShouldBe((41, 70), "an older statement replaces no newer one");
    }

    [Fact]
    public async Task when_zoho_no_longer_states_the_remaining_credits_no_replica_reports_any()
    {
        var (first, second) = (new Replica(Database), new Replica(Database));
        first.Count.Answered(1, left: 0, isSuccess: true, TimeProvider.System.GetUtcNow() - TimeSpan.FromHours(2));
        await first.Reported();
        (await second.Reported()).ShouldBe((1, 0));

        second.Count.Answered(1, left: null, isSuccess: true, TimeProvider.System.GetUtcNow());

        (await second.Reported()).ShouldBe((2, null));
        (await first.Reported()).ShouldBe((2, null));
    }

    private sealed class Replica(NpgsqlDataSource database)
    {
        private CreditRecorder? recorder;

        public CreditCount Count { get; } = new(Options);

        public async Task<(long Used, long? Remaining)> Reported()
        {
            recorder ??= new(
                database, Count, Options, (_, _) => Task.CompletedTask, TimeProvider.System, NullLogger<CreditRecorder>.Instance);
            var counted = await recorder.Record(Stop);
            return (counted.Used, counted.Remaining);
        }
    }
}
