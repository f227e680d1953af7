using System.Net.Http.Json;
using System.Text.Json;

namespace LeadSync.IntegrationTests.Sync;

/// <summary>Every failure becomes a gap, and every gap is caught up.</summary>
public sealed class RecoveryTests(SharedServers shared)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task what_no_notification_told_is_caught_up_modified_and_deleted()
    {
        await using var sync = await RunningSync.StartAsync(shared, leads: 300);
        await sync.InSync();
        await sync.Turn(new { deliveryDropRate = 1 });
        await sync.Change("create", new { count = 5 });
        await sync.Change("edit", new { count = 40 });
        await sync.Change("delete", new { count = 10 });
        await sync.Change("convert", new { count = 3 });

        await sync.CatchUp();

        await Truth.ShouldBeTheView(sync);
    }

    [Fact]
    public async Task a_database_that_was_replaced_under_a_running_scheduler_is_not_in_sync_before_everything_was_read_once()
    {
        await using var sync = await RunningSync.StartAsync(shared, leads: 50);
        await sync.InSync();
        var remembered = (await sync.Status()).GetProperty("fullComparison").GetProperty("lastRead").GetProperty("runId").GetGuid();

        // What the scheduler remembers is of another stream than the one that is there.
        await sync.Value("with events as (delete from scheduler.mt_events returning 1) delete from scheduler.mt_streams where exists "
            + "(select from events)");

        await RunningSync.Until("the memory is forgotten", async () =>
            (await sync.Status()).GetProperty("fullComparison").GetProperty("lastRead") is not { ValueKind: JsonValueKind.Object } read
            || read.GetProperty("runId").GetGuid() != remembered);
        await RunningSync.Until("it is in sync", async () =>
        {
            var status = await sync.Status();
            var isRead = status.GetProperty("fullComparison").GetProperty("lastRead").ValueKind == JsonValueKind.Object;
            if (!isRead)
                status.GetProperty("inSync").GetBoolean().ShouldBeFalse();
            return isRead && status.GetProperty("inSync").GetBoolean();
        });
        await Truth.ShouldBeTheView(sync);
    }

    [Fact]
    public async Task the_channel_is_renewed_from_the_expiry_that_zoho_granted()
    {
        await using var sync = await RunningSync.StartAsync(shared, leads: 50, ("Simulator__ChannelLifeCap", "00:00:20"));
        await sync.InSync();
        var first = await sync.Value("select channel_expires_at from legacy.sync_status");

        await RunningSync.Until("the channel was renewed three times", async () =>
            await sync.Value("select 1 from legacy.sync_status where channel_expires_at > $1 + interval '30 seconds'", first!) is 1);

        (await sync.Status()).GetProperty("gaps").GetProperty("open").GetArrayLength().ShouldBe(0);
        (await sync.Status()).GetProperty("gaps").GetProperty("recent").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task a_channel_that_lapsed_is_a_gap_that_closes_when_it_is_caught_up()
    {
        await using var sync = await RunningSync.StartAsync(shared, leads: 100, ("Simulator__ChannelLifeCap", "00:00:08"));
        await sync.InSync();
        await sync.Services.Gateway.KillAsync();
        await RunningSync.Until("the channel has lapsed", async () => await sync.Value("select open_gaps from legacy.sync_status") is > 0);
        await sync.Change("edit", new { count = 20 });
        await sync.Change("delete", new { count = 5 });

        await sync.Services.Gateway.StartAsync(Stop);

        await RunningSync.Until("every gap is closed", async () => await sync.Value("select open_gaps from legacy.sync_status") is 0);
        await Truth.ShouldBeTheView(sync);
        (await sync.Status()).GetProperty("gaps").GetProperty("recent").ToString().ShouldContain("expired");
    }

    [Fact]
    public async Task packets_to_zoho_that_vanish_under_load_are_one_gap_that_heals_and_park_nothing()
    {
        await using var sync = await RunningSync.StartAsync(shared, leads: 200);
        await sync.InSync();
        await sync.WayToZoho.DropAsync();
        for (var second = 0; second < 40; second++)
        {
            await sync.Change("edit", new { count = 3 });
            await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, Stop);
        }

        (await sync.Value("select open_gaps from legacy.sync_status")).ShouldBe(1, "nothing is said to be in sync that was not looked up");
        await sync.WayToZoho.ResetAsync();

        await RunningSync.Until("the gap is closed", async () => await sync.Value("select open_gaps from legacy.sync_status") is 0);
        await Truth.ShouldBeTheView(sync);
        (await sync.Value("select count(*) from parking.parked")).ShouldBe(0L);
        (await sync.Status()).GetProperty("gaps").GetProperty("recent").EnumerateArray()
            .Count(gap => gap.GetProperty("cause").GetString()!.StartsWith("Zoho could not be read", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public async Task a_log_that_a_newer_version_has_written_to_is_read_past_what_is_not_known()
    {
        await using var sync = await RunningSync.StartAsync(shared, leads: 20);
        await sync.InSync();
        await sync.Value("""
            with next as (
                update scheduler.mt_streams set version = version + 1 where id = 'sync' returning version
            )
            insert into scheduler.mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id, mt_dotnet_type, is_archived)
            select nextval('scheduler.mt_events_sequence'), gen_random_uuid(), 'sync', version, '{"At": "2026-01-01T00:00:00+00:00"}',
                'of_a_newer_version', now(), '*DEFAULT*', 'LeadSync.Scheduler.Planning.OfANewerVersion, LeadSync.Scheduler', false
            from next
            """);

        await sync.Services.Scheduler.KillAsync();
        await sync.Services.Scheduler.StartAsync(Stop);
        await sync.Change("edit", new { count = 5 });
        await sync.CatchUp();

        await Truth.ShouldBeTheView(sync);
        (await sync.Value("select count(*) from scheduler.mt_events where type = 'of_a_newer_version'")).ShouldBe(1L, "it is kept");
        (await sync.Scheduler.GetStringAsync("/metrics", Stop)).ShouldContain("of_a_newer_version");
    }

    [Fact]
    public async Task one_of_two_gateways_that_crashes_is_a_gap_and_one_that_is_ended_is_none()
    {
        await using var sync = await RunningSync.StartAsync(shared, leads: 50);
        await sync.InSync();
        await using var ended = sync.Services.Another("Gateway");
        await ended.StartAsync(Stop);
        await IsThere(sync);
        await ended.StopAsync();
        var end = TimeProvider.System.GetUtcNow();
        await using var crashed = sync.Services.Another("Gateway");
        await crashed.StartAsync(Stop);
        await IsThere(sync);

        await crashed.KillAsync();

        await RunningSync.Until("the crash is a gap that is caught up", async () => await Crashes(sync) is [var gap]
            && gap.GetProperty("from").GetDateTimeOffset() > end - TimeSpan.FromMinutes(1)
            && gap.GetProperty("closedAt").ValueKind is JsonValueKind.String);

        static Task IsThere(RunningSync sync) => RunningSync.Until("both gateways have said that they receive", async () =>
            await sync.Value("select count(*) from gateway.replica") is 2L);
    }

    [Fact]
    public async Task a_channel_that_tells_nothing_is_a_gap_and_is_opened_anew()
    {
        await using var sync = await RunningSync.StartAsync(shared, leads: 50);
        await sync.InSync();
        await sync.Turn(new { deliveryDropRate = 1 });
        await sync.Change("edit", new { count = 3 });
        (await sync.Zoho.PostAsJsonAsync("/control/clock/advance", new { by = "00:10:00" }, Stop)).EnsureSuccessStatusCode();
        var expiry = await sync.Value("select channel_expires_at from legacy.sync_status");

        // The first answer of it tells the gateway that time has passed in Zoho.
        await sync.CatchUp();
        await sync.CatchUp();

        await RunningSync.Until("the channel is opened anew", async () =>
            await sync.Value("select 1 from legacy.sync_status where channel_expires_at > $1", expiry!) is 1);
        await RunningSync.Until("a catch-up that reaches beyond the gap has closed it", async () =>
        {
            await sync.CatchUp();
            return await sync.Value("select open_gaps from legacy.sync_status") is 0;
        });
        var gap = (await sync.Status()).GetProperty("gaps").GetProperty("recent")[0];
        gap.GetProperty("cause").GetString().ShouldBe("Nothing was heard from the notification channel although leads were modified.");
        gap.GetProperty("closedAt").GetDateTimeOffset().ShouldBeGreaterThan(gap.GetProperty("detectedAt").GetDateTimeOffset().AddMinutes(-11));
        await Truth.ShouldBeTheView(sync);
    }

    [Fact]
    public async Task refused_credentials_lose_nothing()
    {
        await using var sync = await RunningSync.StartAsync(shared, leads: 100);
        await sync.InSync();
        await sync.Zoho.PostAsync("/control/refresh-token/revoke", null, Stop);
        await sync.Zoho.PostAsync("/control/access-tokens/revoke", null, Stop);
        await sync.Change("edit", new { count = 10 });
        await RunningSync.Until("the gap is seen", async () => await sync.Value("select open_gaps from legacy.sync_status") is > 0);

        await sync.Zoho.PostAsync("/control/refresh-token/restore", null, Stop);

        await RunningSync.Until("every gap is closed", async () => await sync.Value("select open_gaps from legacy.sync_status") is 0);
        await Truth.ShouldBeTheView(sync);
    }

    [Fact]
    public async Task an_api_that_throttles_and_fails_delays_and_loses_nothing()
    {
        await using var sync = await RunningSync.StartAsync(shared, leads: 200,
            ("Simulator__ThrottleRate", "0.2"), ("Simulator__ServerErrorRate", "0.1"), ("Simulator__HtmlRate", "0.05"), ("Simulator__AbortRate", "0.05"));
        await sync.InSync();
        await sync.Change("edit", new { count = 30 });
        await sync.Change("delete", new { count = 5 });

        await Truth.ShouldBeTheView(sync);
    }

    [Theory]
    [InlineData("Gateway")]
    [InlineData("Projector")]
    [InlineData("Scheduler")]
    public async Task a_service_that_is_killed_in_the_first_read_goes_on_where_it_was(string service)
    {
        await using var sync = await RunningSync.StartAsync(shared, leads: 2_000, ("Simulator__BulkPerPage", "400"));
        await RunningSync.Until("the first page is in the view", async () => await sync.Value("select count(*) from legacy.leads") is >= 400L);
        var process = service switch { "Gateway" => sync.Services.Gateway, "Projector" => sync.Services.Projector, _ => sync.Services.Scheduler };

        await process.KillAsync();
        await sync.Change("edit", new { count = 20 });
        await sync.Change("delete", new { count = 5 });
        await process.StartAsync(Stop);

        await sync.InSync();
        await sync.CatchUp();
        await Truth.ShouldBeTheView(sync);
    }

    [Fact]
    public async Task a_full_comparison_finds_what_neither_times_nor_deletions_show()
    {
        await using var sync = await RunningSync.StartAsync(shared, leads: 200);
        await sync.InSync();
        var deleted = await sync.Change("delete", new { count = 3 });
        await RunningSync.Until("they are gone", async () => Equals(await sync.Value("select count(*) from legacy.deleted_leads"), 3L));
        await sync.Change("restore", new { ids = deleted, announce = "None", moveModifiedTime = false });

        (await sync.Scheduler.PostAsync("/full-comparison", null, Stop)).EnsureSuccessStatusCode();

        await Truth.ShouldBeTheView(sync);
    }

    private static async Task<JsonElement[]> Crashes(RunningSync sync) =>
    [
        .. (await sync.Status()).GetProperty("gaps").GetProperty("recent").EnumerateArray()
            .Where(gap => gap.GetProperty("cause").GetString()!.StartsWith("A gateway crashed", StringComparison.Ordinal)),
    ];
}
