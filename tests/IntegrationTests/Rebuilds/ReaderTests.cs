using Npgsql;

namespace LeadSync.IntegrationTests.Rebuilds;

/// <summary>A rebuild keeps the grants, views, indexes, comments and columns of readers. Readers see a complete view at every
/// moment.</summary>
public sealed class ReaderTests(RebuildParts view) : IClassFixture<RebuildParts>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task grants_views_indexes_comments_and_columns_of_readers_survive()
    {
        await view.Traffic(seed: 6, rounds: 5);
        // A role belongs to the whole server. The name of the database in its name lets the run remove it.
        var accounts = $"{new NpgsqlConnectionStringBuilder(view.Projector.Postgres).Database}_accounts";
        await view.Execute(
            $"create role {accounts}", $"grant usage on schema legacy to {accounts}",
            $"grant select on all tables in schema legacy to {accounts}",
            "create view public.revenues as select id, annual_revenue from legacy.leads",
            "create index by_name on legacy.leads (last_name)",
            "comment on column legacy.leads.last_name is 'surname'");
        try
        {
            await view.Rebuild();
            await view.Projector.Fold(RebuildParts.Seen("6001", 1, 1, "new"));

            (await view.Projector.Value<bool>($"select has_table_privilege('{accounts}', 'legacy.leads', 'select') "
                + $"and has_table_privilege('{accounts}', 'legacy.deleted_leads', 'select')")).ShouldBeTrue();
            (await view.Projector.Value<decimal>("select annual_revenue from public.revenues where id = '6001'")).ShouldBe(1.5m);
            (await view.Projector.Value<string>("select col_description('legacy.leads'::regclass, attnum) from pg_attribute "
                + "where attrelid = 'legacy.leads'::regclass and attname = 'last_name'")).ShouldBe("surname");
            (await view.Projector.Value<long>("""
                select count(*) from pg_inherits i join pg_index x on x.indexrelid = i.inhrelid
                where i.inhparent = 'legacy.by_name'::regclass and x.indisvalid
                """)).ShouldBe(1);
            (await view.Projector.Value<string>("select string_agg(attname, ' ' order by attnum) from pg_constraint c, pg_attribute a "
                + "where c.conrelid = 'legacy.leads'::regclass and c.contype = 'p' and a.attrelid = c.conrelid "
                + "and a.attnum = any(c.conkey)")).ShouldBe("id");
        }
        finally
        {
            await view.Execute(
                "drop view public.revenues", $"drop owned by {accounts}", $"drop role {accounts}", "drop index legacy.by_name");
        }
    }

    [Fact]
    public async Task a_reader_that_began_before_the_swap_sees_the_same_rows()
    {
        await view.Traffic(seed: 8, rounds: 5);
        await using var reader = await view.Projector.Database.OpenConnectionAsync(Stop);
        await using var reading = await reader.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, Stop);
        await RebuildParts.Execute(reader, "select 1");
        var expected = await view.Projector.Value<long>("select count(*) from legacy.leads");
        var rebuild = view.Rebuild();

        await view.Reaches("waiting for readers");
        await using (var count = new NpgsqlCommand("select count(*) from legacy.leads", reader))
            (await count.ExecuteScalarAsync(Stop)).ShouldBe(expected);

        await reading.CommitAsync(Stop);
        await rebuild;
    }

    [Fact]
    public async Task the_session_of_the_leaders_lock_is_not_waited_for()
    {
        await view.Traffic(seed: 9, rounds: 1);
        await using var sleeper = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(view.Projector.Postgres)
            {
                ApplicationName = "leadsync-leader", CommandTimeout = 0
            }.ConnectionString);
        await sleeper.OpenAsync(Stop);
        using var awake = new CancellationTokenSource();
        await using var sleep = new NpgsqlCommand("select pg_sleep(600)", sleeper);
        var sleeping = sleep.ExecuteNonQueryAsync(awake.Token);

        await view.Rebuild();

        sleeping.IsCompleted.ShouldBeFalse();
        await awake.CancelAsync();
        await sleeping.ContinueWith(_ => { }, TaskScheduler.Default);
    }

    [Fact]
    public async Task a_transaction_of_another_program_that_writes_elsewhere_is_not_waited_for()
    {
        await view.Execute("create table public.elsewhere (n integer)");
        await using var connection = await view.Projector.Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await RebuildParts.Execute(connection, "insert into public.elsewhere values (1)");

        (await view.Rebuild()).Differences.ShouldBe(0);

        await transaction.RollbackAsync(TestContext.Current.CancellationToken);
        await view.Execute("drop table public.elsewhere");
    }

    [Fact]
    public async Task an_index_that_a_reader_exchanged_for_another_is_built_before_the_swap()
    {
        await view.Traffic(seed: 12, rounds: 5);
        await view.Execute("create index by_name on legacy.leads (last_name)");
        (await view.Rebuild()).Differences.ShouldBe(0);
        await view.Execute("drop index legacy.by_name", "create index by_revenue on legacy.leads (annual_revenue)");

        await view.Rebuild(undo: true);

        var served = await view.Version();
        (await view.Projector.Value<string>(
            "select string_agg(indexdef, '|') from pg_indexes where schemaname || '.' || tablename = $1", served))
            .ShouldContain("annual_revenue");
        await view.Execute("drop index legacy.by_revenue");
    }

    [Fact]
    public async Task a_column_that_is_added_during_a_rebuild_is_in_the_new_view()
    {
        await view.Projector.Fold(RebuildParts.Seen("8001", 1, 1, "a"));
        await using var reader = await view.Projector.Database.OpenConnectionAsync(Stop);
        await using var reading = await reader.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, Stop);
        await RebuildParts.Execute(reader, "select 1");
        var rebuild = view.Rebuild();
        await view.Reaches("waiting for readers");
        await view.Execute(
            "alter table legacy.leads add column later text", "insert into projector.columns (api_name, type) values ('Later', 'Text')");
        await reading.CommitAsync(Stop);

        await rebuild;

        (await view.Projector.Value<long>("select count(*) from legacy.leads where later is null and id = '8001'")).ShouldBe(1);
    }
}
