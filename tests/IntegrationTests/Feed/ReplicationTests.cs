using LeadSync.Contracts;
using LeadSync.DevStack.Infrastructure;
using LeadSync.IntegrationTests.Projector;
using LeadSync.IntegrationTests.Rebuilds;
using LeadSync.IntegrationTests.Sync;
using LeadSync.TestSupport;
using Npgsql;

namespace LeadSync.IntegrationTests.Feed;

/// <summary>Copies that PostgreSQL itself keeps are as <c>docs/view.md</c> describes them.</summary>
public sealed class ReplicationTests(SharedServers shared)
{
    private const string Next = "select array(select position from legacy.lead_changes where position > $1 order by position limit 500)";
    private const string Leads = "select coalesce(string_agg(l::text, '|' order by id), '') from legacy.leads l";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact(SkipUnless = nameof(TestForm.IsLong), SkipType = typeof(TestForm), Skip = TestForm.OnlyLong)]
    public async Task a_replica_shows_every_change_once_in_the_order_of_the_primary_and_announces_none()
    {
        await using var primary = await Start("replica-primary");
        await using var view = await View(primary);
        await using var server = await InstalledPostgres.StartStandbyAsync(shared.Run, primary, "replica", Stop);
        await using var replica = NpgsqlDataSource.Create(server.ConnectionString);

        var (read, last) = (new List<long>(), 0L);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var following = Follow();
        await Task.WhenAll(Enumerable.Range(1, 4).Select(seed => view.Traffic(seed, rounds: 40)));
        var positions = await view.Projector.Value<long[]>("select array_agg(position order by position) from legacy.lead_changes");
        await RunningSync.Until("the replica has the last change", () =>
            Task.FromResult(following.IsCompleted || Volatile.Read(ref last) >= positions[^1]));
        await enough.CancelAsync();
        await following;

        read.ShouldBe(positions);
        const string changes = "select string_agg(c::text, '|' order by position) from legacy.lead_changes c";
        (await Value(replica, changes)).ShouldBe(await view.Projector.Value<string>(changes));
        (await Value(replica, Leads)).ShouldBe(await view.Projector.Value<string>(Leads));
        (await Value(replica, "select legacy.missed_changes(0)")).ShouldBe(false);
        (await Should.ThrowAsync<PostgresException>(() => Value(replica, "listen leadsync_leads"))).SqlState
            .ShouldBe(PostgresErrorCodes.ReadOnlySqlTransaction);

        // Reads all the time, because a change that commits out of order shows only between two commits.
        async Task Follow()
        {
            while (!enough.IsCancellationRequested)
            {
                read.AddRange((long[])await Value(replica, Next, last));
                Volatile.Write(ref last, read.LastOrDefault());
            }
        }
    }

    [Fact(SkipUnless = nameof(TestForm.IsLong), SkipType = typeof(TestForm), Skip = TestForm.OnlyLong)]
    public async Task a_logical_subscriber_follows_the_view_through_a_rebuild_without_its_repairs_and_waits_for_new_columns()
    {
        const string repaired = "9600000000001", other = "9600000000002";
        await using var primary = await Start("logical-primary", "wal_level=logical");
        await using var view = await View(primary);
        await view.Traffic(1, rounds: 5);
        await view.Projector.Fold(RebuildParts.Seen(repaired, 1, 1, "Ann"), RebuildParts.Seen(other, 1, 1, "Bea"));
        await using var subscriber = await Subscribe(primary, view);
        await ShouldBecomeTheView();

        await view.Execute($"update legacy.leads set last_name = 'Damaged' where id = '{repaired}'");
        await ShouldBecomeTheView();
        (await view.Rebuild()).Differences.ShouldBe(1);
        await view.Projector.Fold(RebuildParts.Seen(other, 2, 2, "Cle"));
        await RunningSync.Until("the subscriber gets what follows the rebuild", async () => await Name(other) == "Cle");
        (await view.Name(repaired)).ShouldBe("Ann");
        (await Name(repaired)).ShouldBe("Damaged", "logical replication does not see the exchange of the partition");
        await view.Projector.Fold(RebuildParts.Seen(repaired, 3, 3, "Dot"));
        await ShouldBecomeTheView();
        await view.Rebuild(undo: true);
        await view.Traffic(2, rounds: 5);
        await ShouldBecomeTheView();

        view.Projector.Described = new("one more", [.. view.Projector.Described!.Fields, new("Shoe_Size", FieldType.Integer)]);
        await view.Projector.Fold(new LeadChanged(other, Source.Notification, DateTimeOffset.UnixEpoch.AddYears(70), new(
            DateTimeOffset.UnixEpoch.AddYears(70), "one more", new Dictionary<string, string?> { ["Shoe_Size"] = "43" })));
        await RunningSync.Until("the subscriber misses a column", async () =>
            (long)await Value(subscriber, "select apply_error_count from pg_stat_subscription_stats") > 0);
        await Value(subscriber, "alter table legacy.leads add column shoe_size bigint");
        await ShouldBecomeTheView();

        Task ShouldBecomeTheView() => RunningSync.Until("the subscriber has the rows of the view", async () =>
            (string)await Value(subscriber, Leads) == await view.Projector.Value<string>(Leads));

        async Task<string> Name(string id) => (string)await Value(subscriber, "select last_name from legacy.leads where id = $1", id);
    }

    private async Task<PostgresServer> Start(string name, params string[] settings)
    {
        Assert.SkipUnless(InstalledPostgres.IsInstalled, "needs PostgreSQL on this machine");
        return await InstalledPostgres.StartAsync(shared.Run, durable: true, Stop, name, settings);
    }

    private async Task<RebuildParts> View(PostgresServer server)
    {
        var view = new RebuildParts(new ProjectorParts(shared, server.ConnectionString));
        await view.InitializeAsync();
        return view;
    }

    /// <summary>A second database of the server, with tables like the view's, which a subscription fills.</summary>
    private static async Task<NpgsqlDataSource> Subscribe(PostgresServer server, RebuildParts view)
    {
        await server.CreateDatabaseAsync("subscriber", Stop);
        var subscriber = NpgsqlDataSource.Create(server.ConnectionStringOf("subscriber"));
        await Value(subscriber, "create schema legacy");
        foreach (var table in await view.Projector.Value<string[]>("""
            select array_agg(format('create table %s (%s, primary key (id))', attrelid::regclass, columns))
            from (
                select attrelid, string_agg(format('%I %s', attname, format_type(atttypid, atttypmod)), ', ' order by attnum) as columns
                from pg_attribute
                where attrelid in ('legacy.leads'::regclass, 'legacy.deleted_leads'::regclass) and attnum > 0 and not attisdropped
                group by attrelid) t
            """))
            await Value(subscriber, table);
        await view.Execute(
            "create publication leads for table legacy.leads, legacy.deleted_leads with (publish_via_partition_root = true)",
            // A subscription to its own server cannot create its slot itself.
            "select pg_create_logical_replication_slot('subscriber', 'pgoutput')");
        var address = new NpgsqlConnectionStringBuilder(server.ConnectionString);
        await Value(subscriber, $"""
            create subscription leads connection
                'host={address.Host} port={address.Port} dbname={address.Database} user={address.Username} password={address.Password}'
            publication leads with (create_slot = false, slot_name = 'subscriber')
            """);
        return subscriber;
    }

    private static async Task<object> Value(NpgsqlDataSource database, string sql, params object[] parameters)
    {
        await using var command = database.CreateCommand(sql);
        command.Parameters.AddRange(Array.ConvertAll(parameters, value => new NpgsqlParameter { Value = value }));
        return (await command.ExecuteScalarAsync(Stop))!;
    }
}
