using System.IO.Compression;
using System.Text;
using LeadSync.Contracts;
using LeadSync.IntegrationTests.Projector;
using LeadSync.IntegrationTests.Rebuilds;
using LeadSync.Projector;
using LeadSync.Projector.EventTables;
using LeadSync.Projector.Leads;
using LeadSync.Projector.Privacy;
using LeadSync.ServiceDefaults.Database;
using LeadSync.ServiceDefaults.Parking;
using Microsoft.Extensions.Logging.Abstractions;

namespace LeadSync.IntegrationTests.Privacy;

/// <summary>After a person is forgotten, no table has their data, and the data does not come back.</summary>
public sealed class ForgettingTests(RebuildParts view) : IClassFixture<RebuildParts>
{
    // Later than all observations of the test's traffic, and than the command.
    private const int Later = 300 * 24 * 60 * 60;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private ProjectorParts Projector => view.Projector;

    [Fact]
    public async Task a_forgotten_person_is_in_no_table_also_after_a_rebuild_and_when_streams_are_restored()
    {
        const string id = "9300000000001";
        await Projector.Fold(RebuildParts.Seen(id, 1, 1, "Quillfeather", "987654.25"));
        var then = await Projector.Value<DateTime>("select clock_timestamp()");
        await Projector.Fold(RebuildParts.Seen(id, 2, 2, "Featherquill", "987654.75"));
        await view.Rebuild();
        await view.Rebuild(asOf: then);
        await Projector.Part<ParkingLot>().Park(
            [
                ParkedItem.Lead(id, "a test", "cannot be read", "Quillfeather", 1),
                ParkedItem.Row("a test", 2, "odd", "Featherquill,9300000000001")
            ], Stop);
        (await Hits("Quillfeather")).ShouldBeGreaterThan(4);

        await Forget(id);

        await ShouldBeNowhere();
        (await view.Name(id)).ShouldBeNull();
        (await Projector.Value<string>("select kind from legacy.lead_changes where id = $1 order by position desc limit 1", id))
            .ShouldBe("deleted");
        (await Projector.Row("select reason, forgotten_at is not null from projector.forgotten where id = $1", id))
            .ShouldBe(new object[] { "asked by letter", true });
        await view.Rebuild();
        await Projector.Leads.Restore([id], Stop);
        await ShouldBeNowhere();
        (await view.Name(id)).ShouldBeNull();

        async Task ShouldBeNowhere()
        {
            foreach (var value in (string[])["Quillfeather", "Featherquill", "987654"])
                (await Hits(value)).ShouldBe(0, value);
        }
    }

    /// <summary>A newer version was rolled back.</summary>
    [Fact]
    public async Task events_of_a_newer_version_lose_the_persons_data_too()
    {
        const string id = "9300000000014";
        await Projector.Fold(RebuildParts.Seen(id, 1, 1, "Snollygoster"));
        await view.Execute($$$"""
            with stream as (
                update projector.mt_streams set version = version + 2 where id = 'lead-{{{id}}}' returning id, version
            )
            insert into projector.mt_events (seq_id, id, stream_id, version, data, type, mt_dotnet_type)
            select nextval('projector.mt_events_sequence'), gen_random_uuid(), s.id, s.version - e.behind, e.data::jsonb, e.type,
                'LeadSync.Projector.Leads.LeadOfANewerVersion, Projector'
            from stream s cross join (values
                (1, 'lead_of_a_newer_version', '{"ObservedAt": "2026-08-15T14:00:02Z", "Person": {"Name": "Snollygoster"}}'),
                (0, 'lead_seen', '{"ModifiedTime": "2026-08-15T14:00:02Z", "ObservedAt": "2026-08-15T14:00:02Z",
                    "Source": "OfANewerVersion", "Fields": {"Last_Name": "Snollygoster"}, "Before": "Snollygoster"}')
            ) as e (behind, type, data)
            """);

        await Forget(id);

        (await Hits("Snollygoster")).ShouldBe(0);
        (await Projector.Value<string>("""
            select string_agg(type || coalesce(' ' || (data ->> 'ObservedAt'), ''), ', ' order by version) from projector.mt_events
            where stream_id = 'lead-' || $1 and version between 2 and 3
            """, id)).ShouldBe("lead_of_a_newer_version 2026-08-15T14:00:02Z, lead_seen 2026-08-15T14:00:02Z", "the events stay");
    }

    [Fact]
    public async Task neither_a_notification_nor_a_bulk_page_brings_the_person_back()
    {
        const string id = "9300000000002";
        await Projector.Fold(RebuildParts.Seen(id, 1, 1, "Ann"));
        await Forget(id);

        await Projector.Fold(RebuildParts.Seen(id, Later, Later, "Annagain"));
        (await Projector.Project(Page, Zip($"{id},2027-08-15T12:00:00Z,Annagain"))).ShouldBe((0, 1, 0));
        (await Projector.Project(Page, Zip($"{id},yesterday,Annagain"))).Parked.ShouldBe(0, "an unreadable row is not parked");

        (await view.Name(id)).ShouldBeNull();
        (await Hits("Annagain")).ShouldBe(0);
        Projector.LastOutcome!.ToRead.ShouldBeEmpty();
    }

    [Fact]
    public async Task what_was_parked_after_the_order_is_dropped_by_the_hour_but_no_item_with_a_longer_number()
    {
        const string id = "930000000000010", restored = "930000000000011", back = "930000000000012", longer = "9300000000000101";
        await Forget(back, untilSeenAgain: true);
        await Projector.Fold(RebuildParts.Seen(back, 1, Later, "Back"));
        await Forget(id);
        await Forget(restored, untilSeenAgain: true);
        await Projector.Part<ParkingLot>().Park(
            [
                ParkedItem.Row("a page", 1, "odd", $"é{id},Swept"),
                ParkedItem.Row("a page", 2, "odd", $"{longer},Kept {id}9"),
                ParkedItem.Row("a page", 3, "odd", $"{back},Kept"),
                new(ParkedKind.Message, "m", "a queue", "failed", Content: Encoding.UTF8.GetBytes($$"""{"id":"{{id}}","n":"Swept"}""")),
                ParkedItem.Lead(id, "a test", "PostgreSQL refused"),
                ParkedItem.Lead(restored, "a test", "PostgreSQL refused"),
            ], Stop);

        await Projector.Part<Forgetting>().Sweep(Stop);

        (await Hits("Swept")).ShouldBe(0);
        (await Projector.Value<string>("select string_agg(key, '|' order by key) from parking.parked"))
            .ShouldBe($"{restored}|a page, line 2|a page, line 3", "an item without content of a lead that may come back stays");
        (await Projector.Project(Page, Zip($"{restored},yesterday,Back"))).Parked.ShouldBe(0);
        Projector.LastOutcome!.ToRead.ShouldBe([restored], "a lead that may come back is read by its id");
        await view.Execute("delete from parking.parked");
    }

    [Fact]
    public async Task a_part_of_an_id_drops_no_item()
    {
        await Projector.Part<ParkingLot>().Park([ParkedItem.Row("a page", 7, "odd", "572576700000052400,Stranger")], Stop);

        await Forget("57257670000005");

        (await Hits("Stranger")).ShouldBe(1);
        await view.Execute("delete from parking.parked");
    }

    [Fact]
    public async Task a_view_as_of_an_instant_that_is_built_while_a_person_is_forgotten_does_not_have_them()
    {
        const string id = "9300000000012";
        await Projector.Fold(RebuildParts.Seen(id, 1, 1, "Halfway"));
        await view.Execute($"""
            insert into projector.forgotten (id, reason, ordered_by, ordered_at, until_seen_again) values ('{id}', 'r', 'b', now(), false)
            """);

        var table = (await view.Rebuild(asOf: await Projector.Value<DateTime>("select clock_timestamp()"))).Table;

        (await Projector.Value<long>($"select count(*) from {table} where id = $1", id)).ShouldBe(0);
    }

    [Fact]
    public async Task until_seen_again_restores_a_person_only_by_what_zoho_shows_later()
    {
        const string id = "9300000000003";
        await Projector.Fold(RebuildParts.Seen(id, 1, 1, "Ann"));
        await Forget(id, untilSeenAgain: true);

        await Projector.Fold(RebuildParts.Seen(id, 5, 5, "Late"));
        (await view.Name(id)).ShouldBeNull();
        await Projector.Fold(RebuildParts.Seen(id, 1, Later, "Back"));
        (await view.Name(id)).ShouldBe("Back");
        (await Projector.Value<bool>("select seen_again_at is not null from projector.forgotten where id = $1", id)).ShouldBeTrue();
        await Projector.Fold(RebuildParts.Seen(id, 2, Later + 1, "Changed"));
        (await view.Name(id)).ShouldBe("Changed");
        (await Projector.Value<string>("select string_agg(kind, ' ' order by position) from legacy.lead_changes where id = $1", id))
            .ShouldBe("created deleted restored updated");
    }

    [Fact]
    public async Task what_zoho_shows_after_the_order_brings_a_person_back_even_if_the_projector_was_down_and_the_order_late()
    {
        const string id = "9300000000013";
        await Projector.Fold(RebuildParts.Seen(id, 1, 1, "Ann"));
        await Projector.Part<Forgetting>().Forget(Early(id), Stop);

        await Projector.Fold(RebuildParts.Seen(id, 200, 200, "Back"), RebuildParts.Gone(id, 300));
        (await view.Name(id)).ShouldBeNull("the deletion after the return counts");
        await Projector.Fold(RebuildParts.Seen(id, 400, 400, "Back again"));
        (await view.Name(id)).ShouldBe("Back again");
    }

    [Theory, InlineData(0), InlineData(1), InlineData(2), InlineData(3)]
    public async Task a_command_that_ends_after_any_step_continues_when_it_is_delivered_again(int steps)
    {
        var id = $"930000000004{steps}";
        await Projector.Fold(RebuildParts.Seen(id, 1, 1, "Hornswoggle"));
        var command = Command(id, untilSeenAgain: false);
        await DoSteps(command, steps);

        await Projector.Part<Forgetting>().Forget(command, Stop);
        await Projector.Part<Forgetting>().Forget(command, Stop);

        (await Hits("Hornswoggle")).ShouldBe(0);
        (await Projector.Value<long>("select count(*) from projector.mt_events where stream_id = $1", $"lead-{id}"))
            .ShouldBe(2, "the lead is marked as deleted once");
        (await Projector.Value<Guid>("select content_hash from projector.leads where id = $1", id))
            .ShouldBe(ContentHash.Of(new Dictionary<string, string?>()), "a hash could confirm a guess");
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(4)]
    public async Task a_command_that_is_delivered_again_after_the_person_came_back_removes_only_what_was_before(int steps)
    {
        var id = $"930000000005{steps}";
        await Projector.Fold(RebuildParts.Seen(id, 1, 1, "Bumfuzzle"));
        var command = Early(id);
        await DoSteps(command, steps);
        await Projector.Fold(RebuildParts.Seen(id, 200, 200, $"Widdershins{steps}"));

        await Projector.Part<Forgetting>().Forget(command, Stop);

        (await view.Name(id)).ShouldBe($"Widdershins{steps}");
        (await Projector.Row("""
            select f.seen_again_at is not null and f.forgotten_at is not null, l.content_hash <> $2 from projector.forgotten f
            join projector.leads l using (id) where id = $1
            """, id, ContentHash.Of(new Dictionary<string, string?>()))).ShouldBe(new object[] { true, true });
        (await Hits("Bumfuzzle")).ShouldBe(0);
        await Projector.Leads.Restore([id], Stop);
        (await view.Name(id)).ShouldBe($"Widdershins{steps}");
    }

    [Fact]
    public async Task a_person_that_was_never_seen_can_be_kept_out()
    {
        const string id = "9300000000005";
        await Forget(id);

        await Projector.Fold(RebuildParts.Seen(id, Later, Later, "Annagain"));

        (await view.Name(id)).ShouldBeNull();
        (await Projector.Value<long>("select count(*) from projector.mt_events where stream_id = $1", $"lead-{id}")).ShouldBe(0);
    }

    [Fact]
    public async Task leads_that_are_deleted_for_long_enough_are_masked_and_come_back_when_they_are_restored()
    {
        const string id = "9300000000006";
        await Projector.Fold(RebuildParts.Seen(id, 1, 1, "Ragamuffin"), RebuildParts.Gone(id, 2));
        Retention Retention(int days) => new(
            Projector.Database, Projector.Part<Forgetting>(), new RetentionOptions(days), Module.Leads, TimeProvider.System,
            NullLogger<Retention>.Instance);

        await Retention(days: 1000).Run(Stop);
        (await Hits("Ragamuffin")).ShouldBeGreaterThan(0);
        (await Retention(days: 30).Run(Stop)).ShouldBeGreaterThan(0);
        (await Hits("Ragamuffin")).ShouldBe(0);
        (await Retention(days: 30).Run(Stop)).ShouldBe(0, "each once");

        await Projector.Fold(RebuildParts.Seen(id, 1, 3, "Ragamuffin"));
        (await view.Name(id)).ShouldBe("Ragamuffin", "whatever Zoho shows after the deletion counts");

        // The lead was restored after the retention had found it.
        (await Projector.Part<Forgetting>().ForgetDeleted(id, "r", RebuildParts.Gone(id, 2).ObservedAt.AddMilliseconds(1), Stop))
            .ShouldBeFalse();
        (await view.Name(id)).ShouldBe("Ragamuffin");
        await Projector.Fold(RebuildParts.Seen(id, 4, 4, "Tatterdemalion"));
        (await view.Name(id)).ShouldBe("Tatterdemalion");
    }

    /// <summary>The first steps of the command: noted, hidden, masked, all.</summary>
    private async Task DoSteps(ForgetLead command, int steps)
    {
        if (steps > 3)
            await Projector.Part<Forgetting>().Forget(command, Stop);
        if (steps is 0 or > 3)
            return;

        await view.Execute($"""
            insert into projector.forgotten (id, reason, ordered_by, ordered_at, until_seen_again)
            values ('{command.Id}', 'r', 'b', '{command.OrderedAt:O}', {command.UntilSeenAgain})
            """);
        if (steps > 1)
            await Projector.Leads.Hide(command.Id, evenIfAlive: true, Stop);
        if (steps > 2)
            await Projector.Database.Execute(RecordedEvents.Mask(Module.Leads), Stop, $"lead-{command.Id}", 2L);
    }

    private static ForgetLead Early(string id) =>
        Command(id, untilSeenAgain: true) with { OrderedAt = RebuildParts.Gone(id, 100).ObservedAt };

    private Task Forget(string id, bool untilSeenAgain = false) => Projector.Part<Forgetting>().Forget(Command(id, untilSeenAgain), Stop);

    private static ForgetLead Command(string id, bool untilSeenAgain) =>
        new(id, "asked by letter", "a test", TimeProvider.System.GetUtcNow(), untilSeenAgain);

    private Task<long> Hits(string value) => PersonSearch.Hits(Projector.Database, value);

    private static readonly BulkPageReady Page = new(
        Guid.NewGuid(), 1, "9300000000000", new DateTimeOffset(2027, 8, 15, 14, 0, 0, TimeSpan.Zero), 1, false, null,
        ProjectorParts.FieldSet);

    private static MemoryStream Zip(string row)
    {
        var zip = new MemoryStream();
        using (var archive = new ZipArchive(zip, ZipArchiveMode.Create, leaveOpen: true))
        {
            using var entry = new StreamWriter(archive.CreateEntry("1.csv").Open());
            entry.Write($"Id,Modified_Time,Last_Name,Annual_Revenue,Colors,Converted__s,Last_Activity_Time,No_of_Employees\n{row},,,,,\n");
        }

        zip.Position = 0;
        return zip;
    }
}
