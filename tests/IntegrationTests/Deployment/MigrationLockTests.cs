using LeadSync.ServiceDefaults.Database;
using LeadSync.TestSupport;
using Npgsql;

namespace LeadSync.IntegrationTests.Deployment;

/// <summary>Replicas that start together change the schema one after the other, also when one of them is frozen.</summary>
public sealed class MigrationLockTests(SharedServers shared) : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly OwnServers own = new(shared);
    private readonly TaskCompletionSource migrated = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => own.InitializeAsync();

    public ValueTask DisposeAsync() => own.DisposeAsync();

    [Fact]
    public async Task a_frozen_replica_loses_the_lock()
    {
        await using var frozen = Lock(keepAlive: TimeSpan.Zero);
        await using var other = Lock(keepAlive: TimeSpan.FromSeconds(1));
        var holds = await Hold(frozen);

        await other.RunAlone(() => Task.CompletedTask, Stop).WaitAsync(TimeSpan.FromSeconds(30), Stop);

        migrated.SetResult();
        await holds;
    }

    [Fact]
    public async Task a_replica_whose_migration_takes_long_keeps_the_lock()
    {
        await using var slow = Lock(keepAlive: TimeSpan.FromSeconds(1));
        await using var other = Lock(keepAlive: TimeSpan.FromSeconds(1));
        await using var database = NpgsqlDataSource.Create(own.Postgres);
        var holds = await Hold(slow);
        var entered = false;
        var waits = other.RunAlone(
            () =>
            {
                entered = true;
                return Task.CompletedTask;
            },
            Stop);

        await Wait.UntilAsync(
            "the holder has sent something for longer than it may be silent",
            async () => await Sent(database) > Patience * 2,
            TimeSpan.FromSeconds(30),
            Stop);
        entered.ShouldBeFalse();

        migrated.SetResult();
        await Task.WhenAll(holds, waits);
        entered.ShouldBeTrue();
    }

    // The time between the begin of the session that holds the lock and the last message from its holder.
    private static async Task<TimeSpan> Sent(NpgsqlDataSource database)
    {
        await using var command = database.CreateCommand("""
            select state_change - backend_start from pg_stat_activity join pg_locks using (pid)
            where locktype = 'advisory' and granted and datname = current_database()
            """);
        return (await command.ExecuteScalarAsync(Stop)).ShouldBeOfType<TimeSpan>("nobody holds the lock");
    }

    private async Task<Task> Hold(MigrationLock migrationLock)
    {
        var locked = new TaskCompletionSource();
        var holds = migrationLock.RunAlone(
            () =>
            {
                locked.SetResult();
                return migrated.Task;
            },
            Stop);
        await locked.Task.WaitAsync(Stop);
        return holds;
    }

    private MigrationLock Lock(TimeSpan keepAlive) => new(new(own.Postgres), Patience, keepAlive, TimeProvider.System);
}
