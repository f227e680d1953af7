using System.Net.Http.Json;
using System.Text.Json;

namespace LeadSync.IntegrationTests.Sync;

/// <summary>Changes in Zoho reach the view without a catch-up.</summary>
[Collection(nameof(FreshSync))]
public sealed class LiveChangeTests(FreshSync fresh)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private RunningSync Sync => fresh.Sync;

    [Fact]
    public async Task a_new_lead_an_edited_one_and_a_deleted_one_arrive()
    {
        var created = (await Sync.Change("create", new { values = new { Last_Name = "Néw, \"lead\"\n" } })).Single();
        var edited = (await Sync.Change("edit", new { count = 1, values = new { Last_Name = "Edited", Annual_Revenue = 12.5 } })).Single();
        var deleted = (await Sync.Change("delete", new { count = 1 })).Single();

        await Shows("select last_name from legacy.leads where id = $1", created, "Néw, \"lead\"\n");
        await Shows("select annual_revenue from legacy.leads where id = $1 and last_name = 'Edited'", edited, 12.5m);
        await Shows(
            "select 'gone' from legacy.deleted_leads where id = $1 and not exists (select from legacy.leads l where l.id = $1)", deleted,
            "gone");
    }

    [Fact]
    public async Task a_single_change_of_an_earlier_gateway_arrives()
    {
        const string id = "99000000000000001";
        await Sync.Publish("lead-changed", $$"""
            {"messageType":["urn:message:LeadSync.Contracts:LeadChanged"],
             "message":{"id":"{{id}}","source":0,"observedAt":"2026-11-24T12:00:01Z","deletedAt":"2026-11-24T12:00:00Z"} }
            """);

        await Shows("select 'gone' from legacy.deleted_leads where id = $1", id, "gone");
    }

    [Fact]
    public async Task a_restored_lead_comes_back_and_a_converted_one_stays()
    {
        var restored = (await Sync.Change("delete", new { count = 1 })).Single();
        await Shows("select 'gone' from legacy.deleted_leads where id = $1", restored, "gone");
        await Sync.Change("restore", new { ids = new[] { restored }, announce = "Insert", moveModifiedTime = false });
        var converted = (await Sync.Change("convert", new { count = 1, announce = "Delete" })).Single();

        await Shows("select 'back' from legacy.leads where id = $1", restored, "back");
        await Shows("select converted__s from legacy.leads where id = $1", converted, true);
    }

    [Fact]
    public async Task a_long_text_is_whole_although_lists_cut_it()
    {
        var text = string.Concat(Enumerable.Range(0, 500).Select(i => $"{i} "));
        var id = (await Sync.Change("edit", new { count = 1, values = new { Description = text } })).Single();

        await Shows("select description from legacy.leads where id = $1", id, text);
    }

    [Fact]
    public async Task repeated_notifications_of_several_ids_write_one_event_per_change()
    {
        await Sync.Turn(new { deliveryDuplicateRate = 1, deliveryIds = 5, deliveryNumericChannelId = true, deliveryTextServerTime = true });
        try
        {
            var ids = await Sync.Change("edit", new { count = 20, values = new { Last_Name = "Once" } });
            await RunningSync.Until(
                "all are in the view",
                async () => Equals(await Sync.Value("select count(*) from legacy.leads where last_name = 'Once'"), 20L));
            await Truth.ShouldBeTheView(Sync);
            foreach (var id in ids)
            {
                (await Sync.Value("select count(*) from projector.mt_events where stream_id = 'lead-' || $1 "
                    + "and data -> 'Fields' ->> 'Last_Name' = 'Once'", id)).ShouldBe(1L);
            }
        }
        finally
        {
            await Sync.Turn(
                new { deliveryDuplicateRate = 0, deliveryIds = 1, deliveryNumericChannelId = false, deliveryTextServerTime = false });
        }
    }

    [Fact]
    public async Task a_new_field_becomes_a_column()
    {
        (await Sync.Zoho.PostAsJsonAsync("/control/fields", new { apiName = "Budget_Approved_On", dataType = "date" }, Stop))
            .EnsureSuccessStatusCode();
        var id = (await Sync.Change("edit", new { count = 1, values = new { Budget_Approved_On = "2026-11-23" } })).Single();

        await Sync.CatchUp();

        await RunningSync.Until("the column is there", async () =>
            await Sync.Value(
                "select data_type from information_schema.columns where table_schema = 'legacy' and table_name = 'leads' "
                    + "and column_name = 'budget_approved_on'") is "date");
        await Shows("select budget_approved_on::text from legacy.leads where id = $1", id, "2026-11-23");
        await RunningSync.Until("the console lists the field with its column", async () =>
            (await Sync.Scheduler.GetFromJsonAsync<JsonElement>("/console/fields", Stop)).GetProperty("fields").EnumerateArray()
                .Any(field =>
                    $"{field.GetProperty("name")} {field.GetProperty("syncedAs")} "
                        + $"{field.GetProperty("column")}" == "Budget_Approved_On date date"));
    }

    [Fact]
    public async Task a_lead_its_history_and_what_it_was_can_be_asked_for()
    {
        var id = await Sync.LeadOfOneEvent();
        await Sync.Change("edit", new { ids = new[] { id }, values = new { Last_Name = "First" } });
        await Shows("select last_name from legacy.leads where id = $1", id, "First");
        var between = (await Sync.Value("select clock_timestamp()"))!;
        await Sync.Change("edit", new { ids = new[] { id }, values = new { Last_Name = "Second" } });
        await Shows("select last_name from legacy.leads where id = $1", id, "Second");

        var now = await Sync.Projector.GetFromJsonAsync<JsonElement>($"/leads/{id}", Stop);
        var then = await Sync.Projector.GetFromJsonAsync<JsonElement>($"/leads/{id}?asOf={(DateTime)between:O}", Stop);
        var history = await Sync.Projector.GetFromJsonAsync<JsonElement>($"/leads/{id}/history", Stop);

        now.GetProperty("fields").GetProperty("Last_Name").GetString().ShouldBe("Second");
        then.GetProperty("fields").GetProperty("Last_Name").GetString().ShouldBe("First");
        history.EnumerateArray().Select(e => e.GetProperty("source").GetString()).ShouldBe(["BulkPage", "Notification", "Notification"]);
        (await Sync.Projector.GetAsync("/leads/1", Stop)).StatusCode.ShouldBe(System.Net.HttpStatusCode.NotFound);
    }

    /// <summary>A newer version was rolled back.</summary>
    [Fact]
    public async Task a_lead_with_an_event_that_this_version_does_not_know_goes_on()
    {
        var id = await Sync.LeadOfOneEvent();
        (await Sync.Value("""
            with stream as (update projector.mt_streams set version = version + 1 where id = 'lead-' || $1 returning id, version)
            insert into projector.mt_events (seq_id, id, stream_id, version, data, type, mt_dotnet_type)
            select nextval('projector.mt_events_sequence'), gen_random_uuid(), id, version, '{}', 'lead_of_a_newer_version', 'Lead, Newer'
            from stream returning version
            """, id)).ShouldBe(2L);

        await Sync.Change("edit", new { ids = new[] { id }, values = new { Last_Name = "Edited" } });
        await Shows("select last_name from legacy.leads where id = $1", id, "Edited");
        await Sync.Change("delete", new { ids = new[] { id } });
        await Shows("select 'gone' from legacy.deleted_leads where id = $1", id, "gone");
        await Sync.Change("restore", new { ids = new[] { id }, announce = "Insert", moveModifiedTime = true });
        await Shows("select last_name from legacy.leads where id = $1", id, "Edited");

        var lead = await Sync.Projector.GetFromJsonAsync<JsonElement>($"/leads/{id}", Stop);
        lead.GetProperty("fields").GetProperty("Last_Name").GetString().ShouldBe("Edited");
        (await Sync.Projector.GetFromJsonAsync<JsonElement>($"/leads/{id}/history", Stop)).EnumerateArray()
            .Select(e => e.GetProperty("event").GetString()).ShouldBe(["lead_seen", "lead_seen", "lead_gone", "lead_seen"]);
        (await Sync.Value("select count(*) from parking.parked")).ShouldBe(0L);
        (await Sync.Projector.GetStringAsync("/metrics", Stop))
            .ShouldContain("type=\"lead_of_a_newer_version\"");
    }

    private Task Shows(string sql, string id, object expected) =>
        RunningSync.Until($"{sql} [{id}] gives {expected}", async () => Equals(await Sync.Value(sql, id), expected));
}
