using CsCheck;
using LeadSync.Contracts;
using LeadSync.Projector.Leads;
using LeadSync.Projector.LegacyView;
using Marten;

namespace LeadSync.IntegrationTests.Projector;

/// <summary>The projector's fold in the database, compared with the pure fold and with Marten's own API.</summary>
public sealed class LeadFoldTests(ProjectorParts projector) : IClassFixture<ProjectorParts>
{
    private static readonly DateTimeOffset Start = new(2026, 8, 15, 14, 0, 0, TimeSpan.Zero);
    private static int ids;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static readonly Gen<(bool Seen, int Modified, int Observed, int Name)> AnyObservation =
        Gen.Select(Gen.Frequency((3, Gen.Const(true)), (1, Gen.Const(false))), Gen.Int[0, 3], Gen.Int[0, 8], Gen.Int[0, 2]);

    [Fact]
    public async Task it_agrees_with_the_pure_fold_however_observations_are_split_and_by_how_many_they_are_folded() =>
        await Gen.Select(AnyObservation.Array[1, 10], Gen.Int[1, 4], Gen.Bool).SampleAsync(async (observations, batch, concurrently) =>
        {
            var id = NewId();
            var changes = observations.Select(o =>
                o.Seen ? Seen(id, o.Modified, o.Observed, $"n{o.Name}") : Gone(id, o.Observed, o.Modified)).ToArray();

            if (concurrently)
                await Task.WhenAll(changes.Chunk(batch).Select(projector.Fold));
            else
                foreach (var some in changes.Chunk(batch))
                    await projector.Fold(some);

            var expected = changes.Aggregate(Lead.Unknown, Pure);
            (await View(id)).ShouldBe(Shown(expected));
            Shown((await projector.History.Lead(id, null, Stop))!).ShouldBe(Shown(expected), "a replay shows what the view shows");
        }, iter: 300, threads: 2);

    [Fact]
    public async Task the_same_input_again_appends_no_event_and_touches_no_row()
    {
        var id = NewId();
        await projector.Fold(Seen(id, 1, 2, "a"));
        var before = await Rows(id);

        await projector.Fold(Seen(id, 1, 2, "a"));

        (await Rows(id)).ShouldBe(before);
    }

    [Fact]
    public async Task a_stream_that_somebody_else_appended_to_with_marten_goes_on()
    {
        var id = NewId();
        await projector.Fold(Seen(id, 1, 2, "a"));
        await using var others = DocumentStore.For(options =>
        {
            options.Connection(projector.Postgres);
            options.AutoCreateSchemaObjects = JasperFx.AutoCreate.None;
            options.UseLeadEvents();
        });
        await using var session = others.LightweightSession();
        session.Events.Append(
            $"lead-{id}",
            new LeadSeen(
                Start.AddSeconds(3), Start.AddSeconds(3), Source.CatchUp, new Dictionary<string, string?> { ["Last_Name"] = "theirs" }));
        await session.SaveChangesAsync(Stop);

        await projector.Fold(Seen(id, 1, 4, "a"));
        (await View(id)).ShouldBe(("theirs", Start.AddSeconds(3).UtcDateTime, null));
        await projector.Fold(Seen(id, 5, 5, "ours"));

        var events = await session.Events.FetchStreamAsync($"lead-{id}", token: Stop);
        events.Select(e => (e.Version, e.EventTypeName)).ShouldBe([(1, "lead_seen"), (2, "lead_seen"), (3, "lead_seen")]);
        (await session.Events.AggregateStreamAsync<Lead>($"lead-{id}", token: Stop))!.Content!.Fields!["Last_Name"].ShouldBe("ours");
        (await View(id)).ShouldBe(("ours", Start.AddSeconds(5).UtcDateTime, null));
        (await session.Events.FetchStreamStateAsync($"lead-{id}", Stop))!.Version.ShouldBe(3);
    }

    /// <summary>A newer version was rolled back.</summary>
    [Fact]
    public async Task events_of_a_newer_version_between_those_of_a_lead_are_kept_and_skipped()
    {
        var id = NewId();
        await projector.Fold(Seen(id, 1, 1, "a"));
        LeadChanged[] changes = [Seen(id, 2, 2, "b"), Gone(id, 3, 3), Seen(id, 4, 4, "c")];
        foreach (var change in changes)
        {
            await AppendUnknown();
            await projector.Fold(change);
        }

        (await View(id)).ShouldBe(("c", Start.AddSeconds(4).UtcDateTime, null));
        Shown((await projector.History.Lead(id, null, Stop))!).ShouldBe(await View(id));
        (await projector.History.Events(id, Stop)).Select(e => (e.Version, e.Type))
            .ShouldBe([(1, "lead_seen"), (3, "lead_seen"), (5, "lead_gone"), (7, "lead_seen")]);
        (await projector.Value<string>(
            "select string_agg(kind || coalesce(' from ' || (changed #>> '{Last_Name,old}'), ''), ', ' order by position) "
                + "from legacy.lead_changes where id = $1", id))
            .ShouldBe("created, updated from a, deleted from b, restored");
        (await projector.Value<long>("select count(*) from projector.mt_events where stream_id = 'lead-' || $1", id)).ShouldBe(7);
        (await projector.Value<long>("select count(*) from parking.parked where lead_id = $1", id)).ShouldBe(0);

        async Task AppendUnknown() => await projector.Row("""
            with stream as (update projector.mt_streams set version = version + 1 where id = 'lead-' || $1 returning id, version)
            insert into projector.mt_events (seq_id, id, stream_id, version, data, type, mt_dotnet_type)
            select nextval('projector.mt_events_sequence'), gen_random_uuid(), id, version, '{"Later": 1}', 'lead_of_a_newer_version',
                'LeadSync.Projector.Leads.LeadOfANewerVersion, Projector'
            from stream
            """, id);
    }

    /// <summary>The rebuild's fold in SQL does not look at the source either.</summary>
    [Fact]
    public async Task an_event_with_a_source_that_only_a_newer_version_knows_counts()
    {
        var id = NewId();
        await projector.Fold(Seen(id, 1, 1, "a"));
        await projector.Fold(Seen(id, 2, 2, "b"));
        await projector.Row("""
            update projector.mt_events set data = jsonb_set(data, '{Source}', '"OfANewerVersion"')
            where stream_id = 'lead-' || $1 and version = 2 returning 1
            """, id);

        Shown((await projector.History.Lead(id, null, Stop))!).ShouldBe(await View(id));
        await using var session = projector.Part<IDocumentStore>().LightweightSession();
        Shown((await session.Events.AggregateStreamAsync<Lead>($"lead-{id}", token: Stop))!).ShouldBe(await View(id));
    }

    /// <summary>
    /// Fails when a new version of Marten changes the tables that first loads and rebuilds use: then somebody has to check both.
    /// </summary>
    [Theory]
    [InlineData("mt_streams", "compacted_version created id is_archived tenant_id timestamp type version")]
    [InlineData(
        "mt_events",
        "bdata causation_id correlation_id data id is_archived mt_dotnet_type seq_id stream_id tenant_id timestamp type version")]
    public async Task martens_tables_are_those_that_first_loads_and_rebuilds_were_written_for(string table, string columns) =>
        (await projector.Value<string>(
            "select string_agg(column_name, ' ' order by column_name) from information_schema.columns where table_schema = 'projector' "
                + "and table_name = $1", table))
        .ShouldBe(columns);

    [Fact]
    public async Task the_trace_of_a_change_is_stored_with_its_event()
    {
        var id = NewId();
        var trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        var set = await projector.Part<LegacyColumns>().For(ProjectorParts.FieldSet, Stop);
        await projector.Leads.Fold([LeadObservation.Of(Seen(id, 1, 2, "a"), set, default) with { TraceParent = trace }], "a test", Stop);

        var recorded = (await projector.History.Events(id, Stop)).Single();
        (recorded.CorrelationId, recorded.CausationId).ShouldBe(("0af7651916cd43dd8448eb211c80319c", trace));
    }

    [Fact]
    public async Task a_lead_that_comes_back_with_an_old_answer_is_shown_with_the_newest_that_is_known()
    {
        var id = NewId();
        await projector.Fold(Seen(id, 2, 2, "new"));
        await projector.Fold(Gone(id, 3, 3));
        await projector.Fold(Seen(id, 1, 4, "old"));

        (await View(id)).ShouldBe(("new", Start.AddSeconds(2).UtcDateTime, null));
    }

    private static Lead Pure(Lead lead, LeadChanged change) => change.Content is { } content
        ? lead.Observe(new Content(content.ModifiedTime, change.ObservedAt, ContentHash.Of(content.Fields), content.Fields))
        : lead.Observe(new Absence(change.ObservedAt, change.DeletedAt ?? change.ObservedAt));

    private static (string?, DateTime?, DateTime?) Shown(Lead lead) => lead.IsAlive
        ? (lead.Content!.Fields!["Last_Name"], lead.Content.ModifiedTime.UtcDateTime, null)
        : (null, null, lead.Absence?.DeletedAt.UtcDateTime);

    private async Task<(string?, DateTime?, DateTime?)> View(string id)
    {
        var row = await projector.Row("""
            select (select last_name from legacy.leads where id = $1), (select modified_time from legacy.leads where id = $1),
                   (select deleted_at from legacy.deleted_leads where id = $1)
            """, id);
        return ((string?)row![0], (DateTime?)row[1], (DateTime?)row[2]);
    }

    /// <summary>Every row of the lead, with the transaction that wrote it.</summary>
    private Task<string> Rows(string id) => projector.Value<string>("""
        select concat_ws('|', (select (xmin, l) from legacy.leads l where id = $1), (select (xmin, l) from projector.leads l where id = $1),
            (select (xmin, s) from projector.mt_streams s where id = 'lead-' || $1),
                (select count(*) from projector.mt_events where stream_id = 'lead-' || $1))
        """, id);

    private static string NewId() => $"{41508680000000 + Interlocked.Increment(ref ids)}";

    private static LeadChanged Seen(string id, int modified, int observed, string name) => new(
        id, Source.Notification, Start.AddSeconds(observed),
        new LeadContent(Start.AddSeconds(modified), ProjectorParts.FieldSet, new Dictionary<string, string?>
        {
            ["Last_Name"] = name,
            ["Annual_Revenue"] = "1.5",
            ["Colors"] = null,
            ["Converted__s"] = "false",
            ["Last_Activity_Time"] = null,
            ["No_of_Employees"] = "7",
        }));

    private static LeadChanged Gone(string id, int observed, int deleted) =>
        new(id, Source.CatchUp, Start.AddSeconds(observed), null, Start.AddSeconds(deleted));
}
