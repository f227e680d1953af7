using LeadSync.IntegrationTests.Projector;
using LeadSync.IntegrationTests.Rebuilds;
using LeadSync.IntegrationTests.Sync;
using LeadSync.Projector.Feed;
using Npgsql;

namespace LeadSync.IntegrationTests.Feed;

/// <summary>The projector creates the feed's partitions ahead and drops old ones, whatever readers do.</summary>
public sealed class FeedDaysTests(ProjectorParts projector) : IClassFixture<ProjectorParts>
{
    private const string Missed = "select legacy.missed_changes($1)";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task a_day_gets_its_partition_as_soon_as_no_reader_is_in_the_way_and_its_changes_with_it()
    {
        var days = Days(TimeSpan.FromDays(20));
        var position = await projector.Value<long>("select projector.first_position((now() at time zone 'utc')::date + 20) + 7");
        await using var reader = await projector.Database.OpenConnectionAsync(Stop);
        await using var hour = await reader.BeginTransactionAsync(Stop);
        await using (var read = new NpgsqlCommand("select count(*) from legacy.lead_changes", reader))
            await read.ExecuteScalarAsync(Stop);

        (await days.Provide(Stop)).ShouldBeFalse();
        await Insert(position);
        (await Partition(position)).ShouldBe("legacy.lead_change_positions_other");
        await hour.RollbackAsync(Stop);

        (await days.Provide(Stop)).ShouldBeTrue();
        (await Partition(position))
            .ShouldBe($"legacy.lead_change_positions_{TimeProvider.System.GetUtcNow().UtcDateTime.AddDays(20):yyyyMMdd}");
    }

    [Fact]
    public async Task a_day_is_dropped_when_it_is_older_than_what_is_kept()
    {
        var day = TimeSpan.FromDays(40);
        (await Days(day).Provide(Stop)).ShouldBeTrue();
        var position = await projector.Value<long>("select projector.first_position((now() at time zone 'utc')::date + 40)");
        await Insert(position);
        await InsertLast();

        (await Days(day + TimeSpan.FromDays(90)).Drop(90, Stop)).ShouldBeTrue();
        (await Partition(position)).ShouldNotBeNull("its ninetieth day is not over");
        (await Days(day + TimeSpan.FromDays(91)).Drop(90, Stop)).ShouldBeTrue();
        (await Partition(position)).ShouldBeNull();
    }

    [Fact]
    public async Task a_reader_in_a_transaction_of_an_hour_delays_only_the_drop_of_a_day_and_who_missed_the_day_is_told()
    {
        var day = TimeSpan.FromDays(60);
        (await Days(day).Provide(Stop)).ShouldBeTrue();
        var position = await projector.Value<long>("select projector.first_position((now() at time zone 'utc')::date + 60)");
        await Insert(position);
        await InsertLast();
        await using var reader = await projector.Database.OpenConnectionAsync(Stop);
        await using var hour = await reader.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, Stop);
        await using var read = new NpgsqlCommand("select count(*) from legacy.lead_changes", reader);
        var before = await read.ExecuteScalarAsync(Stop);

        (await Days(day + TimeSpan.FromDays(91)).Drop(90, Stop)).ShouldBeFalse();
        await projector.Fold(RebuildParts.Seen("9200000000002", 1, 1, "Bea"));

        (await projector.Value<long>("select count(*) from legacy.lead_changes where id = '9200000000002'")).ShouldBe(1, "no writer waits");
        (await read.ExecuteScalarAsync(Stop)).ShouldBe(before);
        (await projector.Value<bool>(Missed, position - 1)).ShouldBeFalse("the day is there");
        await hour.RollbackAsync(Stop);
        (await Days(day + TimeSpan.FromDays(91)).Drop(90, Stop)).ShouldBeTrue();
        (await Partition(position)).ShouldBeNull();
        (await projector.Value<bool>(Missed, position - 1)).ShouldBeTrue();
        (await projector.Value<bool>(Missed, position)).ShouldBeFalse("its reader has seen the day's last change");
    }

    [Fact]
    public async Task a_change_is_in_the_partition_of_its_day()
    {
        // Another test drops days, including this one.
        await RunningSync.Until("the day has its partition", () => Days(TimeSpan.Zero).Provide(Stop));

        await projector.Fold(RebuildParts.Seen("9200000000001", 1, 1, "Ann"));

        (await projector.Value<bool>("""
            select tableoid::regclass::text = 'legacy.lead_change_positions_' || to_char(visible_at at time zone 'utc', 'YYYYMMDD')
            from legacy.lead_change_positions where id = '9200000000001'
            """)).ShouldBeTrue();
    }

    private FeedDays Days(TimeSpan later) => new(projector.Database, new Later(later));

    private async Task Insert(long position) => await projector.Row(
        "insert into legacy.lead_change_positions (position, event, id, kind, visible_at) values ($1, 0, '0', 'created', now()) "
            + "returning 1", position);

    /// <summary>A later change than those of the tests. The feed keeps its last change.</summary>
    private async Task InsertLast() => await projector.Row("""
        insert into legacy.lead_change_positions (position, event, id, kind, visible_at)
        values (projector.first_position((now() at time zone 'utc')::date + 1000), 0, '0', 'created', now()) on conflict do nothing
        """);

    private async Task<string?> Partition(long position) =>
        (string?)(
            await projector.Row("select tableoid::regclass::text from legacy.lead_change_positions where position = $1", position))?[0];
}
