using LeadSync.Scheduler.Planning;
using LeadSync.Scheduler.Recording;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace LeadSync.IntegrationTests.Recording;

/// <summary>Two schedulers write the log at the same moment: one has just taken over, and the other does not know it yet.</summary>
public sealed class SyncLogTests(OwnServers own) : IClassFixture<OwnServers>
{
    private const int Rounds = 20;

    private static readonly DateTimeOffset At = new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task of_two_decisions_from_the_same_state_one_is_recorded_and_facts_are_recorded_always()
    {
        await using var database = NpgsqlDataSource.Create(own.Postgres);
        await using var first = Scheduler(database);
        await using var second = Scheduler(database);
        SyncLog[] logs = [first.GetRequiredService<SyncLog>(), second.GetRequiredService<SyncLog>()];

        for (var round = 1; round <= Rounds; round++)
        {
            var (_, version) = await logs[0].Read(Stop);
            var recorded = await Task.WhenAll(logs.Select(log => log.TryRecord([new SyncPaused(At)], version, Stop)));
            recorded.Count(was => was).ShouldBe(1);

            await Task.WhenAll(logs.Select((log, index) => log.Record([new VersionSeen($"{index}", $"{round}", At)], Stop)));
        }

        foreach (var log in logs)
        {
            var (state, version) = await log.Read(Stop);
            version.ShouldBe(3 * Rounds);
            state.Versions.Values.ShouldAllBe(seen => seen == $"{Rounds}");
        }
    }

    private static ServiceProvider Scheduler(NpgsqlDataSource database)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(_ => database);
        builder.AddEventStore();
        return builder.Services.BuildServiceProvider();
    }
}
