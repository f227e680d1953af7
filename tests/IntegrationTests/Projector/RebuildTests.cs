using LeadSync.Contracts;
using LeadSync.Projector.Rebuilds;
using Npgsql;

namespace LeadSync.IntegrationTests.Projector;

/// <summary>A rebuild gives exactly the rows of the live view, and disturbs neither those who read it nor those who write it.</summary>
public sealed class RebuildTests(ProjectorParts projector) : IClassFixture<ProjectorParts>
{
    private static readonly DateTimeOffset Start = new(2026, 8, 15, 14, 0, 0, TimeSpan.Zero);
    private static int rebuilds;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task after_any_traffic_it_gives_the_rows_of_the_live_view_and_finds_no_difference()
    {
        await Traffic(seed: 1, rounds: 40);
        var before = await Rows();

        var rebuilt = await Rebuild();

        rebuilt.Differences.ShouldBe(0);
        (await Rows()).ShouldBe(before);
        rebuilt.Rows.ShouldBe(await projector.Value<long>("select count(*) from legacy.leads"));
    }

    [Fact]
    public async Task what_changes_meanwhile_is_in_the_new_view_and_no_difference()
    {
        await Traffic(seed: 2, rounds: 30);
        var isOver = false;
        var traffic = Enumerable.Range(3, 2).Select(seed => Traffic(seed, rounds: int.MaxValue, () => Volatile.Read(ref isOver))).ToArray();

        var meanwhile = new List<string>();
        for (var i = 0; i < 5; i++)
            meanwhile.Add(await Listed(await Rebuild()));
        Volatile.Write(ref isOver, true);
        await Task.WhenAll(traffic);
        meanwhile.ShouldAllBe(differences => differences.Length == 0);

        var live = await Rows();
        await Rebuild();
        (await Rows()).ShouldBe(live);
    }

    [Fact]
    public async Task differences_are_listed_with_their_side_and_can_be_undone()
    {
        var (kept, broken, lost, buried) = ("5001", "5002", "5003", "5004");
        foreach (var id in new[] { kept, broken, lost })
            await projector.Fold(Seen(id, 1, 1, "right"));
        await projector.Fold(Gone(buried, 1));
        await Execute("update legacy.leads set last_name = 'wrong' where id = '5002'", "delete from legacy.leads where id = '5003'",
            "insert into legacy.leads (id, modified_time) values ('5009', now())", "delete from legacy.deleted_leads where id = '5004'");

        var rebuilt = await Rebuild();

        (await Listed(rebuilt)).ShouldBe("leads 5002 other values {last_name}|leads 5003 only after |leads 5009 only before |deleted_leads 5004 only after ");
        rebuilt.Differences.ShouldBe(4);
        (await Name(broken), await Name(lost), await Name("5009")).ShouldBe(("right", "right", null));

        await projector.Fold(Seen(kept, 2, 2, "changed since"));
        await Rebuild(undo: true);

        (await Name(broken), await Name(lost)).ShouldBe(("wrong", null));
        (await Name(kept)).ShouldBe("changed since", "the view before has what has changed since");
        await Rebuild();
    }

    [Fact]
    public async Task grants_views_indexes_comments_and_columns_of_readers_survive()
    {
        await Traffic(seed: 6, rounds: 5);
        await Execute("create role accounts", "grant usage on schema legacy to accounts", "grant select on all tables in schema legacy to accounts",
            "create view public.revenues as select id, annual_revenue from legacy.leads", "create index by_name on legacy.leads (last_name)",
            "comment on column legacy.leads.last_name is 'surname'");
        try
        {
            await Rebuild();
            await projector.Fold(Seen("6001", 1, 1, "new"));

            (await projector.Value<bool>("select has_table_privilege('accounts', 'legacy.leads', 'select') and has_table_privilege('accounts', 'legacy.deleted_leads', 'select')")).ShouldBeTrue();
            (await projector.Value<decimal>("select annual_revenue from public.revenues where id = '6001'")).ShouldBe(1.5m);
            (await projector.Value<string>("select col_description('legacy.leads'::regclass, attnum) from pg_attribute where attrelid = 'legacy.leads'::regclass and attname = 'last_name'")).ShouldBe("surname");
            (await projector.Value<long>("""
                select count(*) from pg_inherits i join pg_index x on x.indexrelid = i.inhrelid where i.inhparent = 'legacy.by_name'::regclass and x.indisvalid
                """)).ShouldBe(1);
            (await projector.Value<string>("select string_agg(attname, ' ' order by attnum) from pg_constraint c, pg_attribute a where c.conrelid = 'legacy.leads'::regclass and c.contype = 'p' and a.attrelid = c.conrelid and a.attnum = any(c.conkey)")).ShouldBe("id");
        }
        finally
        {
            await Execute("drop view public.revenues", "drop owned by accounts", "drop role accounts", "drop index legacy.by_name");
        }
    }

    [Fact]
    public async Task as_of_a_moment_it_gives_the_view_as_it_was_and_leaves_the_one_that_is_read()
    {
        await projector.Fold(Seen("7001", 1, 1, "then"), Seen("7002", 1, 1, "alive"));
        await projector.Fold(Gone("7003", 1));
        var moment = await projector.Value<DateTime>("select clock_timestamp()");
        await projector.Fold(Seen("7001", 2, 2, "now"), Gone("7002", 3), Seen("7003", 4, 4, "came back"));
        var (rows, version) = (await Rows(), await Version());

        var rebuilt = await Rebuild(asOf: moment);

        var table = rebuilt.Table;
        (await projector.Row($"select (select last_name from {table} where id = '7001'), (select last_name from {table} where id = '7002'), (select last_name from {table} where id = '7003')"))
            .ShouldBe(new object?[] { "then", "alive", null });
        (await projector.Value<long>($"select count(*) from {table.Replace("leads_as", "deleted_leads_as", StringComparison.Ordinal)} where id = '7003'")).ShouldBe(1);
        (await Rows(), await Version(), rebuilt.SwappedAt).ShouldBe((rows, version, null));
    }

    [Fact]
    public async Task of_two_at_once_the_second_says_so()
    {
        await Rebuild();
        await using var reader = await projector.Database.OpenConnectionAsync(Stop);
        await using var reading = await reader.BeginTransactionAsync(Stop);
        await Execute(reader, "select count(*) from legacy.leads");
        var first = Rebuild();
        await WaitsForReaders();

        (await Should.ThrowAsync<RebuildRefusedException>(() => Rebuild())).Message.ShouldStartWith("Another rebuild is running");

        await reading.CommitAsync(Stop);
        await first;
    }

    [Fact]
    public async Task a_reader_that_began_before_finds_what_it_would_have_found()
    {
        await Traffic(seed: 8, rounds: 5);
        await using var reader = await projector.Database.OpenConnectionAsync(Stop);
        await using var reading = await reader.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, Stop);
        await Execute(reader, "select 1");
        var expected = await projector.Value<long>("select count(*) from legacy.leads");
        var rebuild = Rebuild();

        await WaitsForReaders();
        await using (var count = new NpgsqlCommand("select count(*) from legacy.leads", reader))
            (await count.ExecuteScalarAsync(Stop)).ShouldBe(expected);

        await reading.CommitAsync(Stop);
        await rebuild;
    }

    [Fact]
    public async Task a_column_that_comes_while_it_runs_is_in_the_new_view()
    {
        await projector.Fold(Seen("8001", 1, 1, "a"));
        await using var reader = await projector.Database.OpenConnectionAsync(Stop);
        await using var reading = await reader.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, Stop);
        await Execute(reader, "select 1");
        var rebuild = Rebuild();
        await WaitsForReaders();
        await Execute("alter table legacy.leads add column later text", "insert into projector.columns (api_name, type) values ('Later', 'Text')");
        await reading.CommitAsync(Stop);

        await rebuild;

        (await projector.Value<long>("select count(*) from legacy.leads where later is null and id = '8001'")).ShouldBe(1);
    }

    /// <summary>Fails when a new version of Marten gives sequence numbers in another way: positions in the event store rest on it.</summary>
    [Fact]
    public async Task martens_events_are_numbered_and_found_as_a_rebuild_relies_on()
    {
        await Traffic(seed: 9, rounds: 3);
        (await projector.Value<string>("""
            select string_agg(pg_get_indexdef(indexrelid), '; ' order by indexrelid::regclass::text) from pg_index where indrelid = 'projector.mt_events'::regclass
            """)).ShouldBe("CREATE UNIQUE INDEX pk_mt_events_stream_and_version ON projector.mt_events USING btree (stream_id, version); " +
                "CREATE UNIQUE INDEX pkey_mt_events_seq_id ON projector.mt_events USING btree (seq_id)");
        (await projector.Value<long>("select seqcache from pg_sequence where seqrelid = 'projector.mt_events_sequence'::regclass")).ShouldBe(1);
        (await projector.Value<string>("select string_agg(distinct type, ' ' order by type) from projector.mt_events")).ShouldBe("lead_gone lead_seen");
    }

    /// <summary>Random observations of a few hundred leads, in random order, each with any fields empty.</summary>
    private async Task Traffic(int seed, int rounds, Func<bool>? isOver = null)
    {
        var random = new Random(seed);
        for (var round = 0; round < rounds && isOver?.Invoke() is not true; round++)
        {
            await projector.Fold([.. Enumerable.Range(0, 20).Select(_ =>
            {
                var id = $"{4150868000000 + random.Next(300)}";
                return random.Next(4) == 0
                    ? Gone(id, random.Next(1000)) with { DeletedAt = random.Next(2) == 0 ? null : Start.AddSeconds(random.Next(1000)), ObservedAt = Start.AddTicks(random.NextInt64(10_000_000_000)) }
                    : Seen(id, random.Next(1000), random.Next(1000), $"n{random.Next(50)}", random.Next(3) == 0 ? null : $"{random.Next(100)}.50");
            })]);
        }
    }

    private async Task<ViewRebuilt> Rebuild(bool undo = false, DateTime? asOf = null) => (await projector.Rebuild.Run(
        new RebuildView(new Guid(Interlocked.Increment(ref rebuilds), 0, 0, new byte[8]), undo, asOf), new RebuildProgress(TimeProvider.System), Stop))!;

    private Task<string> Rows() => projector.Value<string>("""
        select md5((select coalesce(string_agg(l::text, '|' order by id), '') from legacy.leads l) || (select coalesce(string_agg(d::text, '|' order by id), '') from legacy.deleted_leads d))
        """);

    private Task<string> Version() => projector.Value<string>("select inhrelid::regclass::text from pg_inherits where inhparent = 'legacy.leads'::regclass");

    private async Task<string?> Name(string id) => (string?)(await projector.Row("select last_name from legacy.leads where id = $1", id))?[0];

    private Task<string> Listed(ViewRebuilt rebuilt) => projector.Value<string>("""
        select coalesce(string_agg(concat_ws(' ', relation, id, difference, coalesce(columns::text, '')), '|' order by relation desc, id), '')
        from projector.rebuild_differences where rebuild_id = $1
        """, rebuilt.RebuildId);

    private async Task Execute(params string[] statements)
    {
        await using var connection = await projector.Database.OpenConnectionAsync(Stop);
        foreach (var statement in statements)
            await Execute(connection, statement);
    }

    private static async Task Execute(NpgsqlConnection connection, string statement)
    {
        await using var command = new NpgsqlCommand(statement, connection);
        await command.ExecuteNonQueryAsync(Stop);
    }

    private async Task WaitsForReaders()
    {
        var started = TimeProvider.System.GetTimestamp();
        while (await projector.Value<string>("select coalesce((select phase from projector.rebuilds order by started_at desc limit 1), '')") != "waiting for readers")
        {
            TimeProvider.System.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromSeconds(30));
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Stop);
        }
    }

    private static LeadChanged Seen(string id, int modified, int observed, string name, string? revenue = "1.5") => new(
        id, Source.Notification, Start.AddSeconds(observed),
        new LeadContent(Start.AddSeconds(modified), ProjectorParts.FieldSet, new Dictionary<string, string?>
        {
            ["Last_Name"] = name,
            ["Annual_Revenue"] = revenue,
            ["Colors"] = null,
            ["Converted__s"] = "false",
            ["Last_Activity_Time"] = "2026-08-15T14:00:00Z",
            ["No_of_Employees"] = "7",
        }));

    private static LeadChanged Gone(string id, int observed) =>
        new(id, Source.CatchUp, Start.AddSeconds(observed), null, Start.AddSeconds(observed));
}
