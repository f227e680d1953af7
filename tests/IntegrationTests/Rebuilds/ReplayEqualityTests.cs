using LeadSync.Projector.Rebuilds;

namespace LeadSync.IntegrationTests.Rebuilds;

/// <summary>A rebuild gives exactly the rows of the live view, whatever happens meanwhile.</summary>
public sealed class ReplayEqualityTests(RebuildParts view) : IClassFixture<RebuildParts>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task after_any_traffic_a_rebuild_gives_the_rows_of_the_live_view_and_finds_no_difference()
    {
        await view.Traffic(seed: 1, rounds: 40);
        var before = await view.Rows();

        var rebuilt = await view.Rebuild();

        rebuilt.Differences.ShouldBe(0);
        (await view.Rows()).ShouldBe(before);
        rebuilt.Rows.ShouldBe(await view.Projector.Value<long>("select count(*) from legacy.leads"));
    }

    [Fact]
    public async Task a_change_during_a_rebuild_is_in_the_new_view_and_is_no_difference()
    {
        await view.Traffic(seed: 2, rounds: 30);
        var isOver = false;
        var traffic = Enumerable.Range(3, 2)
            .Select(seed => view.Traffic(seed, rounds: int.MaxValue, () => Volatile.Read(ref isOver))).ToArray();

        var meanwhile = new List<string>();
        for (var i = 0; i < 5; i++)
            meanwhile.Add(await view.Listed(await view.Rebuild()));
        Volatile.Write(ref isOver, true);
        await Task.WhenAll(traffic);
        meanwhile.ShouldAllBe(differences => differences.Length == 0);

        var live = await view.Rows();
        await view.Rebuild();
        (await view.Rows()).ShouldBe(live);
    }

    [Fact]
    public async Task differences_are_listed_with_their_side_and_can_be_undone()
    {
        var (kept, broken, lost, buried) = ("5001", "5002", "5003", "5004");
        foreach (var id in new[] { kept, broken, lost })
            await view.Projector.Fold(RebuildParts.Seen(id, 1, 1, "right"));
        await view.Projector.Fold(RebuildParts.Gone(buried, 1));
        await view.Execute("update legacy.leads set last_name = 'wrong' where id = '5002'", "delete from legacy.leads where id = '5003'",
            "insert into legacy.leads (id, modified_time) values ('5009', now())", "delete from legacy.deleted_leads where id = '5004'");

        var rebuilt = await view.Rebuild();

        (await view.Listed(rebuilt))
            .ShouldBe("leads 5002 other values {last_name}|leads 5003 only after |leads 5009 only before |deleted_leads 5004 only after ");
        rebuilt.Differences.ShouldBe(4);
        (await view.Name(broken), await view.Name(lost), await view.Name("5009")).ShouldBe(("right", "right", null));

        await view.Projector.Fold(RebuildParts.Seen(kept, 2, 2, "changed since"));
        await view.Rebuild(undo: true);

        (await view.Name(broken), await view.Name(lost)).ShouldBe(("wrong", null));
        (await view.Name(kept)).ShouldBe("changed since", "the version before has the changes since");
        await view.Rebuild();
    }

    [Fact]
    public async Task a_view_as_of_a_moment_shows_that_moment_and_the_served_view_stays()
    {
        await view.Projector.Fold(RebuildParts.Seen("7001", 1, 1, "then"), RebuildParts.Seen("7002", 1, 1, "alive"));
        await view.Projector.Fold(RebuildParts.Gone("7003", 1));
        var moment = await view.Projector.Value<DateTime>("select clock_timestamp()");
        await view.Projector.Fold(
            RebuildParts.Seen("7001", 2, 2, "now"), RebuildParts.Gone("7002", 3), RebuildParts.Seen("7003", 4, 4, "came back"));
        var (rows, version) = (await view.Rows(), await view.Version());

        var rebuilt = await view.Rebuild(asOf: moment);

        var table = rebuilt.Table;
        (await view.Projector.Row($"select (select last_name from {table} where id = '7001'), (select last_name from {table} "
            + $"where id = '7002'), (select last_name from {table} where id = '7003')"))
            .ShouldBe(new object?[] { "then", "alive", null });
        (await view.Projector.Value<long>($"select count(*) from "
            + $"{table.Replace("leads_as", "deleted_leads_as", StringComparison.Ordinal)} where id = '7003'")).ShouldBe(1);
        (await view.Rows(), await view.Version(), rebuilt.SwappedAt).ShouldBe((rows, version, null));
    }

    [Fact]
    public async Task of_two_concurrent_rebuilds_the_second_is_refused()
    {
        await view.Rebuild();
        await using var reader = await view.Projector.Database.OpenConnectionAsync(Stop);
        await using var reading = await reader.BeginTransactionAsync(Stop);
        await RebuildParts.Execute(reader, "select count(*) from legacy.leads");
        var first = view.Rebuild();
        await view.Reaches("waiting for readers");

        (await Should.ThrowAsync<RebuildRefusedException>(() => view.Rebuild())).Message.ShouldStartWith("Another rebuild is running");

        await reading.CommitAsync(Stop);
        await first;
    }

    /// <summary>
    /// Fails when a new version of Marten assigns sequence numbers in another way: positions in the event store depend on it.
    /// </summary>
    [Fact]
    public async Task marten_numbers_events_as_a_rebuild_needs()
    {
        await view.Traffic(seed: 9, rounds: 3);
        (await view.Projector.Value<string>("""
            select string_agg(pg_get_indexdef(indexrelid), '; ' order by indexrelid::regclass::text) from pg_index
            where indrelid = 'projector.mt_events'::regclass
            """)).ShouldBe("CREATE UNIQUE INDEX pk_mt_events_stream_and_version ON projector.mt_events USING btree (stream_id, version); " +
                "CREATE UNIQUE INDEX pkey_mt_events_seq_id ON projector.mt_events USING btree (seq_id)");
        (await view.Projector.Value<long>("select seqcache from pg_sequence where seqrelid = 'projector.mt_events_sequence'::regclass"))
            .ShouldBe(1);
        (await view.Projector.Value<string>("select string_agg(distinct type, ' ' order by type) from projector.mt_events"))
            .ShouldBe("lead_gone lead_seen");
    }
}
