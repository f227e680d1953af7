using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using LeadSync.Contracts;
using LeadSync.DevStack.Services;
using LeadSync.TestSupport;
using LeadSync.TestSupport.Network;
using Npgsql;

namespace LeadSync.IntegrationTests.Sync;

/// <summary>Every failure becomes a gap, and a catch-up closes every gap.</summary>
[Collection(nameof(RoughSync))]
public sealed class RecoveryTests(RoughSync rough)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private RunningSync Sync => rough.Sync;

    [Fact]
    public async Task a_catch_up_finds_unannounced_modifications_and_deletions()
    {
        await Sync.Turn(new { deliveryDropRate = 1 });
        await Sync.Change("create", new { count = 15 });
        await Sync.Change("edit", new { count = 40 });
        await Sync.Change("delete", new { count = 10 });
        await Sync.Change("convert", new { count = 3 });
        await Sync.Turn(new { deliveryDropRate = 0 });

        await Sync.CatchUp();

        await Truth.ShouldBeTheView(Sync);
    }

    [Fact(SkipUnless = nameof(TestForm.IsLong), SkipType = typeof(TestForm), Skip = TestForm.OnlyLong)]
    public async Task a_gateway_that_crashes_beside_another_is_a_gap_and_one_that_is_shut_down_is_none()
    {
        var first = await Replicas();
        await using var ended = Sync.Services.Another("Gateway");
        await ended.StartAsync(Stop);
        await RunningSync.Until("a second gateway has recorded a heartbeat", async () => (await Replicas()).Except(first).Any());
        await ended.StopAsync();
        await RunningSync.Until("the replica has removed its heartbeat", async () => (await Replicas()).SequenceEqual(first));
        var before = (await Crashes()).Length;
        await using var crashed = Sync.Services.Another("Gateway");
        await crashed.StartAsync(Stop);
        await RunningSync.Until("a third gateway has recorded a heartbeat", async () => (await Replicas()).Except(first).Any());
        var replica = (await Replicas()).Except(first).Single();

        await crashed.KillAsync();
        await Sync.Value("update gateway.replica set heartbeat = heartbeat - interval '1 minute' where replica_id = $1", replica);

        await RunningSync.Until("the crash is a gap that is caught up", async () =>
            await Crashes() is var gaps && gaps.Length == before + 1 && gaps[0].GetProperty("closedAt").ValueKind is JsonValueKind.String);
        (await Replicas()).ShouldBe(first);
    }

    [Fact]
    public async Task a_silent_channel_is_a_gap_and_is_opened_again()
    {
        // Needs its own sync: afterwards Zoho's clock is ahead of the scheduler's, so gaps close later.
        await using var sync = await RunningSync.StartAsync(rough.Shared, leads: 20);
        await sync.InSync();
        await sync.Turn(new { deliveryDropRate = 1 });
        var edited = (await sync.Change("edit", new { count = 1 })).Single();
        var modified = (await sync.Zoho.GetFromJsonAsync<JsonElement>($"/control/leads/{edited}", Stop))
            .GetProperty("Modified_Time").GetDateTimeOffset();
        (await sync.Zoho.PostAsJsonAsync("/control/clock/advance", new { by = "00:10:00" }, Stop)).EnsureSuccessStatusCode();
        var expiry = await sync.Value("select channel_expires_at from legacy.sync_status");

        // Zoho's first answer shows the gateway that Zoho's clock has moved.
        await sync.CatchUp();
        await sync.CatchUp();

        await RunningSync.Until("the channel is opened again", async () =>
            await sync.Value("select 1 from legacy.sync_status where channel_expires_at > $1", expiry!) is 1);
        await sync.Turn(new { deliveryDropRate = 0 });
        await RunningSync.Until("a catch-up that reaches beyond the gap has closed it", async () =>
        {
            await sync.CatchUp();
            return await sync.Value("select open_gaps from legacy.sync_status") is 0;
        });
        var gap = (await Recent(sync))
            .First(gap => Cause(gap) == "Nothing was heard from the notification channel although leads were modified.");
        gap.GetProperty("from").GetDateTimeOffset().ShouldBeLessThanOrEqualTo(modified, "the unannounced lead is in the gap");
        gap.GetProperty("to").GetDateTimeOffset().ShouldBeGreaterThan(modified);
        await Truth.ShouldBeTheView(sync);
    }

    [Fact]
    public async Task refused_credentials_lose_nothing()
    {
        await Sync.Zoho.PostAsync("/control/refresh-token/revoke", null, Stop);
        await Sync.Zoho.PostAsync("/control/access-tokens/revoke", null, Stop);
        await Sync.Change("edit", new { count = 10 });
        await RunningSync.Until("the gap is seen", async () => await Sync.Value("select open_gaps from legacy.sync_status") is > 0);

        await Sync.Zoho.PostAsync("/control/refresh-token/restore", null, Stop);

        await RunningSync.Until("every gap is closed", async () => await Sync.Value("select open_gaps from legacy.sync_status") is 0);
        await Truth.ShouldBeTheView(Sync);
    }

    [Fact]
    public async Task an_api_that_throttles_and_fails_delays_and_loses_nothing()
    {
        await Sync.Turn(new { throttleRate = 0.2, serverErrorRate = 0.1, htmlRate = 0.05, abortRate = 0.05 });
        await Sync.Change("create", new { count = 10 });
        await Sync.Change("edit", new { count = 30 });
        await Sync.Change("delete", new { count = 5 });

        await Sync.Compare();

        await Truth.ShouldBeTheView(Sync);
        await Sync.Turn(new { throttleRate = 0, serverErrorRate = 0, htmlRate = 0, abortRate = 0 });
    }

    [Fact(SkipUnless = nameof(TestForm.IsLong), SkipType = typeof(TestForm), Skip = TestForm.OnlyLong)]
    public async Task a_database_that_was_replaced_under_a_running_scheduler_is_not_in_sync_before_everything_was_read_once()
    {
        await using var sync = await RunningSync.StartAsync(rough.Shared, leads: 50);
        await sync.InSync();
        var remembered = (await sync.Status()).GetProperty("fullComparison").GetProperty("lastRead").GetProperty("runId").GetGuid();

        // The scheduler remembers another stream than the present one.
        await sync.Value("with events as (delete from scheduler.mt_events returning 1) delete from scheduler.mt_streams where exists "
            + "(select from events)");

        await RunningSync.Until("the scheduler has forgotten its state", async () =>
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

    [Fact(SkipUnless = nameof(TestForm.IsLong), SkipType = typeof(TestForm), Skip = TestForm.OnlyLong)]
    public async Task services_whose_schemas_were_dropped_say_so_and_end_and_their_next_start_reads_everything()
    {
        await using var sync = await RunningSync.StartAsync(rough.Shared, leads: 50);
        await sync.InSync();
        // This one does not create tables, so it stays, and says what is wrong.
        await using var staying = sync.Services.Another("Projector", KeyValuePair.Create("Database__AutoMigrate", "false"));
        await staying.StartAsync(Stop);

        await RunningSync.Until("the schemas are gone", async () =>
        {
            try
            {
                await sync.Value("drop schema gateway, projector, scheduler, parking, legacy cascade");
                return true;
            }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.DeadlockDetected)
            {
                return false;
            }
        });

        await RunningSync.Until("readiness names the schema", async () =>
        {
            using var ready = await staying.Http.GetAsync("/health/ready", Stop);
            return ready.StatusCode == HttpStatusCode.ServiceUnavailable && (await ready.Content.ReadAsStringAsync(Stop))
                .Contains("the database has no tables in the schema projector", StringComparison.Ordinal);
        });
        ServiceProcess[] services = [sync.Services.Gateway, sync.Services.Projector, sync.Services.Scheduler];
        foreach (var service in services)
            (await service.WaitForExitAsync(Stop)).ShouldBe(1, service.Name);

        await staying.KillAsync();
        await Task.WhenAll(services.Select(service => service.StartAsync(Stop)));
        await RunningSync.Until("it is in sync", async () =>
        {
            var isInSync = (await sync.Status()).GetProperty("inSync").GetBoolean();
            if (isInSync)
                (await sync.Value("select count(*) from legacy.leads")).ShouldBe(50L);
            return isInSync;
        });
        await Truth.ShouldBeTheView(sync);
    }

    [Fact(SkipUnless = nameof(TestForm.IsLong), SkipType = typeof(TestForm), Skip = TestForm.OnlyLong)]
    public async Task dropped_packets_to_zoho_under_load_are_one_gap_that_closes_and_park_nothing()
    {
        await using var sync = await RunningSync.StartAsync(rough.Shared, leads: 200, ("Zoho__DailyCredits", "2000"));
        await sync.InSync();
        await sync.UntilIdle();
        await FirstReadIsCharged(sync);
        var spent = await Spent(sync);
        await sync.WayToZoho.DropAsync();
        for (var second = 0; second < 180; second++)
        {
            await sync.Change("edit", new { count = 3 });
            await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, Stop);
        }

        (await sync.Value("select open_gaps from legacy.sync_status")).ShouldBe(1, "a state that was not read is not reported as in sync");
        (await Spent(sync) - spent).ShouldBeLessThanOrEqualTo(20, "the credits are kept for the repair");
        await sync.WayToZoho.ResetAsync();

        await RunningSync.Until("the gap is closed", async () => await sync.Value("select open_gaps from legacy.sync_status") is 0);
        await Truth.ShouldBeTheView(sync);
        (await sync.Value("select count(*) from parking.parked")).ShouldBe(0L);
        (await sync.Status()).GetProperty("gaps").GetProperty("recent").EnumerateArray()
            .Count(gap => gap.GetProperty("cause").GetString()!.StartsWith(
                "The gateway could not read announced leads", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Theory(SkipUnless = nameof(TestForm.IsLong), SkipType = typeof(TestForm), Skip = TestForm.OnlyLong)]
    [InlineData("serverErrorRate")]
    [InlineData("throttleRate")]
    public async Task zoho_that_fails_at_every_call_is_asked_a_few_times_for_nothing_and_is_one_gap_that_closes(string dial)
    {
        await using var sync = await RunningSync.StartAsync(rough.Shared, leads: 200);
        await sync.InSync();
        await sync.UntilIdle();
        await FirstReadIsCharged(sync);
        await sync.Turn(new Dictionary<string, double> { [dial] = 1 });
        var (calls, spent) = (await Calls(sync), await Spent(sync));
        for (var second = 0; second < 60; second++)
        {
            await sync.Change("edit", new { count = 3 });
            await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, Stop);
        }

        (await Calls(sync) - calls).ShouldBeLessThan(50, "180 changes");
        (await Spent(sync) - spent).ShouldBeLessThan(20, "the last calls before may be recorded some seconds later");
        (await sync.Value("select open_gaps from legacy.sync_status")).ShouldBe(1);
        await sync.Turn(new Dictionary<string, double> { [dial] = 0 });

        await RunningSync.Until("the gap is closed", async () => await sync.Value("select open_gaps from legacy.sync_status") is 0);
        await Truth.ShouldBeTheView(sync);
        (await sync.Value("select count(*) from parking.parked")).ShouldBe(0L);
        (await Recent(sync))
            .Count(gap => Cause(gap).StartsWith("The gateway could not read announced leads", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact(SkipUnless = nameof(TestForm.IsLong), SkipType = typeof(TestForm), Skip = TestForm.OnlyLong)]
    public async Task twenty_thousand_leads_that_are_deleted_while_the_channel_is_away_are_gone_after_two_catch_ups()
    {
        await using var sync = await RunningSync.StartAsync(rough.Shared, leads: 20_500);
        await sync.InSync();
        await sync.UntilIdle();
        await sync.Turn(new { deliveryDropRate = 1 });
        await sync.Change("delete", new { count = 20_000 });
        await sync.Turn(new { deliveryDropRate = 0 });

        await sync.CatchUp();
        await sync.CatchUp();

        (await sync.Value("select count(*) from legacy.leads")).ShouldBe(500L);
        (await sync.Value("select open_gaps from legacy.sync_status")).ShouldBe(0);
        await Truth.ShouldBeTheView(sync);
    }

    [Fact(SkipUnless = nameof(TestForm.IsLong), SkipType = typeof(TestForm), Skip = TestForm.OnlyLong)]
    public async Task a_leader_whose_way_to_rabbitmq_hangs_loses_the_lead_within_ninety_seconds()
    {
        await using var sync = await RunningSync.StartAsync(rough.Shared, leads: 20);
        await sync.InSync();
        await sync.Services.Scheduler.StopAsync();
        var rabbitMq = new UriBuilder(sync.Services.Environment["ConnectionStrings__RabbitMq"]);
        await using var way = new TcpProxy(rabbitMq.Port);
        (rabbitMq.Host, rabbitMq.Port) = ("127.0.0.1", way.Port);
        await using var leader = sync.Services.Another(
            "Scheduler", KeyValuePair.Create("ConnectionStrings__RabbitMq", $"{rabbitMq.Uri}"));
        await leader.StartAsync(Stop);
        object? first = null;
        await RunningSync.Until("the scheduler behind the proxy leads", async () => (first = await Leader()) is not null);
        await sync.Services.Scheduler.StartAsync(Stop);

        way.ToServer.Close();
        way.ToClient.Close();
        (await sync.Scheduler.PostAsync("/catch-up", null, Stop)).EnsureSuccessStatusCode();

        await RunningSync.Until(
            "the other scheduler leads", async () => await Leader() is { } now && !now.Equals(first), TimeSpan.FromSeconds(90));
        await sync.Change("edit", new { count = 5 });
        await sync.CatchUp();
        await Truth.ShouldBeTheView(sync);

        Task<object?> Leader() => sync.Value("select instance from scheduler.leader where ticked_at > now() - interval '3 seconds'");
    }

    [Fact(SkipUnless = nameof(TestForm.IsLong), SkipType = typeof(TestForm), Skip = TestForm.OnlyLong)]
    public async Task a_process_that_hangs_with_a_message_ends_itself_and_the_next_one_handles_the_message()
    {
        await Sync.Services.Projector.StopAsync();
        await using var hanging = Sync.Services.Another("Projector", KeyValuePair.Create("Bus__Patience", "00:00:06"));
        await hanging.StartAsync(Stop);
        await using (var holder = await Sync.Database.OpenConnectionAsync(Stop))
        await using (var transaction = await holder.BeginTransactionAsync(Stop))
        {
            await using var hold = new NpgsqlCommand("lock table projector.leads in access exclusive mode", holder, transaction);
            await hold.ExecuteNonQueryAsync(Stop);
            await Sync.Change("edit", new { count = 5 });

            (await hanging.WaitForExitAsync(Stop).WaitAsync(TimeSpan.FromMinutes(2), Stop)).ShouldBe(70);
        }

        // As Kubernetes or systemd do.
        await hanging.StartAsync(Stop);

        await Truth.ShouldBeTheView(Sync);
        (await Sync.Value("select count(*) from parking.parked")).ShouldBe(0L);
        await Sync.Services.Projector.StartAsync(Stop);
    }

    [Fact(SkipUnless = nameof(TestForm.IsLong), SkipType = typeof(TestForm), Skip = TestForm.OnlyLong)]
    public async Task unknown_events_of_a_newer_version_are_skipped()
    {
        await using var sync = await RunningSync.StartAsync(rough.Shared, leads: 20);
        await sync.InSync();
        // A scheduler that runs would read the events before it is killed, and the next one would begin after them.
        await sync.Services.Scheduler.KillAsync();
        await sync.Value("""
            with next as (
                update scheduler.mt_streams set version = version + 2 where id = 'sync' returning version
            )
            insert into scheduler.mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id, mt_dotnet_type, is_archived)
            select nextval('scheduler.mt_events_sequence'), gen_random_uuid(), 'sync', version - e.behind, e.data::jsonb,
                e.type, now(), '*DEFAULT*', 'LeadSync.Scheduler.Planning.OfANewerVersion, LeadSync.Scheduler', false
            from next cross join (values
                (1, 'of_a_newer_version', '{"At": "2026-01-01T00:00:00+00:00"}'),
                (0, 'gap_detected', '{"Cause": "New.", "From": "2026-01-01T00:00:00+00:00", "To": "2026-01-01T00:01:00+00:00",
                    "Kind": "OfANewerVersion"}')) as e (behind, type, data)
            """);

        await sync.Services.Scheduler.StartAsync(Stop);
        await sync.Change("edit", new { count = 5 });
        await sync.CatchUp();

        await Truth.ShouldBeTheView(sync);
        (await sync.Value("select count(*) from scheduler.mt_events where type = 'of_a_newer_version'")).ShouldBe(1L, "it is kept");
        var metrics = await sync.Scheduler.GetStringAsync("/metrics", Stop);
        metrics.ShouldContain("type=\"of_a_newer_version\"");
        metrics.ShouldContain("type=\"gap_detected\"");
    }

    private static async Task<long> Calls(RunningSync sync) =>
        (await sync.Zoho.GetFromJsonAsync<JsonElement>("/control/statistics", Stop)).GetProperty("calls").EnumerateObject()
            .Sum(kind => kind.Value.GetInt64());

    // The gateway records every few seconds what it has spent.
    private static Task FirstReadIsCharged(RunningSync sync) => RunningSync.Until(
        "the credits of the first read are recorded", async () => await Spent(sync) >= ZohoLimits.BulkJobCredits);

    private static async Task<long> Spent(RunningSync sync) =>
        (long)(await sync.Value("select coalesce(sum(used), 0)::bigint from gateway.credits"))!;

    private async Task<IReadOnlyList<Guid>> Replicas() =>
        [.. ((Guid[])(await Sync.Value("select array_agg(replica_id order by replica_id) from gateway.replica"))!)];

    private async Task<JsonElement[]> Crashes() =>
        [.. (await Recent(Sync)).Where(gap => Cause(gap).StartsWith("A gateway crashed", StringComparison.Ordinal))];

    /// <summary>The closed gaps, the last one first.</summary>
    private static async Task<JsonElement[]> Recent(RunningSync sync) =>
        [.. (await sync.Status()).GetProperty("gaps").GetProperty("recent").EnumerateArray()];

    private static string Cause(JsonElement gap) => gap.GetProperty("cause").GetString()!;
}
