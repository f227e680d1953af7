using System.Net;
using System.Text.Json;

namespace LeadSync.IntegrationTests.Sync;

/// <summary>What a complete read finds, and what it must not remove.</summary>
public sealed class FullComparisonTests(SharedServers shared)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task leads_that_our_user_no_longer_sees_stay_until_an_operator_releases_them_and_are_back_when_they_are_seen_again()
    {
        await using var sync = await RunningSync.StartAsync(shared, leads: 200);
        await sync.InSync();
        (await Post(sync, "/full-comparison/release")).ShouldBe(HttpStatusCode.Conflict);

        await sync.Turn(new { invisibleLeads = 0.3 });
        await Post(sync, "/full-comparison");
        await RunningSync.Until("the comparison is held back", async () => await HeldBack(sync) is not null);
        (await Count(sync)).ShouldBe(200);
        var held = (await HeldBack(sync))!.Value;
        held.GetProperty("living").GetInt32().ShouldBe(200);
        var missing = held.GetProperty("missing").GetInt32();

        (await Post(sync, "/full-comparison/release")).ShouldBe(HttpStatusCode.Accepted);
        await RunningSync.Until("they are removed", async () => await Count(sync) == 200 - missing && await HeldBack(sync) is null);

        await sync.Turn(new { invisibleLeads = 0 });
        await Post(sync, "/full-comparison");
        await Truth.ShouldBeTheView(sync);
    }

    [Fact]
    public async Task a_comparison_that_is_dropped_removes_nothing()
    {
        await using var sync = await RunningSync.StartAsync(shared, leads: 200, ("Scheduler__MaximumRemovalShare", "0.1"));
        await sync.InSync();
        await sync.Turn(new { invisibleLeads = 0.3 });
        await Post(sync, "/full-comparison");
        await RunningSync.Until("the comparison is held back", async () => await HeldBack(sync) is not null);
        await sync.Turn(new { invisibleLeads = 0 });

        (await Post(sync, "/full-comparison/drop")).ShouldBe(HttpStatusCode.Accepted);

        (await HeldBack(sync)).ShouldBeNull();
        await Truth.ShouldBeTheView(sync);
    }

    [Fact]
    public async Task converted_leads_stay_although_a_complete_read_leaves_them_out()
    {
        // Only the comparison can find them: what a notification or a catch-up shows after the read has begun is not missing.
        await using var sync = await RunningSync.StartAsync(shared, leads: 200,
            ("Scheduler__MaximumRemovalShare", "1"), ("Simulator__ConvertMovesModifiedTime", "false"), ("Simulator__ConvertAnnounces", "None"));
        await sync.InSync();
        var converted = await sync.Change("convert", new { count = 8 });
        await sync.Turn(new { bulkIncludesConverted = false });
        await RunningSync.Until("the leads were last seen before the second of the read", async () =>
            await sync.Value("select 1 from projector.leads having max(last_seen) < now() - interval '2 seconds'") is 1);

        await Post(sync, "/full-comparison");

        await RunningSync.Until("they are missing", async () =>
            (await sync.Status()).GetProperty("fullComparison").GetProperty("lastCompared").GetProperty("missing").GetInt32() >= converted.Length);
        await RunningSync.Until("Zoho has shown each", async () => Equals((long)converted.Length, await sync.Value("""
            select count(*) from projector.leads
            where id = any(string_to_array($1, ',')) and last_seen > (select max(observed_at) from projector.sightings)
            """, string.Join(',', converted))));
        await Truth.ShouldBeTheView(sync);
    }

    [Fact]
    public async Task leads_that_slip_through_while_pages_shift_are_found()
    {
        await using var sync = await RunningSync.StartAsync(shared, leads: 2_000, ("Simulator__BulkPerPage", "400"), ("Zoho__ApiVersion", "v6"));
        await RunningSync.Until("the first page is in the view", async () => await Count(sync) >= 400);

        await sync.Change("delete", new { count = 100 });

        await sync.InSync();
        await Truth.ShouldBeTheView(sync);
    }

    private static async Task<long> Count(RunningSync sync) => (long)(await sync.Value("select count(*) from legacy.leads"))!;

    private static async Task<JsonElement?> HeldBack(RunningSync sync) =>
        (await sync.Status()).GetProperty("fullComparison").GetProperty("heldBack") is { ValueKind: JsonValueKind.Object } held ? held : null;

    private static async Task<HttpStatusCode> Post(RunningSync sync, string path) => (await sync.Scheduler.PostAsync(path, null, Stop)).StatusCode;
}
