using System.Net;
using System.Text.Json;

namespace LeadSync.IntegrationTests.Sync;

/// <summary>What a full comparison finds, and what it must not remove.</summary>
[Collection(nameof(RoughSync))]
public sealed class FullComparisonTests(RoughSync rough)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private RunningSync Sync => rough.Sync;

    [Fact]
    public async Task leads_that_the_user_no_longer_sees_stay_until_an_operator_releases_them_and_come_back_when_they_are_seen_again()
    {
        (await Post("/full-comparison/release")).ShouldBe(HttpStatusCode.Conflict);
        var living = await Count();

        await HeldBackWithout(0.3);
        (await Count()).ShouldBe(living);
        var held = (await HeldBack())!.Value;
        held.GetProperty("living").GetInt64().ShouldBe(living);
        var missing = held.GetProperty("missing").GetInt64();

        (await Post("/full-comparison/release")).ShouldBe(HttpStatusCode.BadRequest, "the release has to name the number of leads");
        (await Post($"/full-comparison/release?missing={missing}")).ShouldBe(HttpStatusCode.Accepted);
        await RunningSync.Until("the missing leads are removed", async () => await Count() == living - missing && await HeldBack() is null);

        await Sync.Turn(new { invisibleLeads = 0 });
        await Sync.Compare();
        await Truth.ShouldBeTheView(Sync);
    }

    [Fact]
    public async Task a_comparison_that_is_dropped_removes_nothing()
    {
        await HeldBackWithout(0.3);
        await Sync.Turn(new { invisibleLeads = 0 });

        (await Post("/full-comparison/drop")).ShouldBe(HttpStatusCode.Accepted);

        (await HeldBack()).ShouldBeNull();
        await Truth.ShouldBeTheView(Sync);
    }

    [Fact]
    public async Task converted_leads_stay_although_a_complete_read_leaves_them_out()
    {
        // Only the comparison can find them. A lead that a notification or a catch-up shows after the read has begun is not missing.
        var converted = await Sync.Change("convert", new { count = 4, announce = "None", moveModifiedTime = false });
        await Sync.Turn(new { bulkIncludesConverted = false });
        await Sync.UntilNothingIsFresh();

        await Post("/full-comparison");
        await RunningSync.Until("Zoho has shown each", async () =>
        {
            if (await HeldBack() is { } held)
                await Post($"/full-comparison/release?missing={held.GetProperty("missing")}");
            return await Sync.Value(
                "select bool_and(converted__s) from legacy.leads where id = any(string_to_array($1, ','))",
                string.Join(',', converted)) is true;
        });

        await Sync.Turn(new { bulkIncludesConverted = true });
        await Truth.ShouldBeTheView(Sync);
    }

    [Fact]
    public async Task a_full_comparison_finds_restored_leads_that_zoho_does_not_announce()
    {
        var deleted = await Sync.Change("delete", new { count = 3 });
        await RunningSync.Until("they are gone", async () => await Sync.Value(
            "select count(*) from legacy.deleted_leads where id = any(string_to_array($1, ','))", string.Join(',', deleted)) is 3L);
        await Sync.Change("restore", new { ids = deleted, announce = "None", moveModifiedTime = false });

        await Sync.Compare();

        await Truth.ShouldBeTheView(Sync);
    }

    private async Task HeldBackWithout(double share)
    {
        await Sync.UntilIdle();
        await Sync.UntilNothingIsFresh();
        await Sync.Turn(new { invisibleLeads = share });
        await Post("/full-comparison");
        await RunningSync.Until("the comparison is held back", async () => await HeldBack() is not null);
    }

    private async Task<long> Count() => (long)(await Sync.Value("select count(*) from legacy.leads"))!;

    private async Task<JsonElement?> HeldBack() =>
        (await Sync.Status()).GetProperty("fullComparison").GetProperty("heldBack") is { ValueKind: JsonValueKind.Object } held
            ? held
            : null;

    private async Task<HttpStatusCode> Post(string path) => (await Sync.Scheduler.PostAsync(path, null, Stop)).StatusCode;
}
