using LeadSync.Contracts;
using LeadSync.Gateway.Zoho.Apis;
using LeadSync.Gateway.Zoho.Calls;
using LeadSync.Gateway.Zoho.Fields;
using Microsoft.Extensions.Logging.Abstractions;
using static LeadSync.UnitTests.Gateway.FakeZoho;

namespace LeadSync.UnitTests.Gateway.Zoho.Fields;

public sealed class LeadFieldCatalogTests
{
    private readonly FakeZoho zoho = new();

    [Fact]
    public async Task a_new_field_is_known_within_minutes_and_not_requested_before()
    {
        using var catalog = zoho.Catalog;
        await Current(catalog);
        zoho.Fields.Add(new FieldDescription("Shoe_Size", "integer"));

        (await Current(catalog)).ShouldNotContain("Shoe_Size");
        zoho.Time.Advance(TimeSpan.FromMinutes(5));
        (await Current(catalog)).ShouldContain("Shoe_Size");
        zoho.Calls.Count.ShouldBe(2);
    }

    [Fact]
    public async Task an_outage_keeps_the_known_fields()
    {
        using var catalog = zoho.Catalog;
        var known = await Current(catalog);
        zoho.OnCall = _ => throw Outage();
        catalog.Expire();

        (await Current(catalog)).ShouldBe(known);
    }

    [Fact]
    public async Task a_module_without_fields_is_not_believed()
    {
        using var catalog = zoho.Catalog;
        zoho.Fields.Clear();

        await Should.ThrowAsync<ZohoException>(() => Current(catalog));
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(60, 1)]
    public async Task live_changes_do_not_wait_while_zoho_does_not_answer_about_the_fields(int minutes, int seconds)
    {
        var slow = new SlowFields();
        using var catalog = Catalog(slow);
        slow.Answer.SetResult([new("Last_Name", "text")]);
        var known = await catalog.Current(Stop);
        slow.Answer = new();
        zoho.Time.Advance(TimeSpan.FromMinutes(minutes));

        var current = catalog.Current(Stop);
        current.IsCompleted.ShouldBe(seconds == 0);
        zoho.Time.Advance(TimeSpan.FromSeconds(seconds));

        (await current.WaitAsync(TimeSpan.FromSeconds(10), Stop)).ShouldBe(known);
    }

    [Fact]
    public async Task a_catch_up_that_reads_the_fields_again_keeps_no_live_change_waiting_and_fields_that_zoho_refused_do()
    {
        var slow = new SlowFields();
        using var catalog = Catalog(slow);
        slow.Answer.SetResult([new("Last_Name", "text")]);
        await catalog.Current(Stop);
        slow.Answer = new();
        var latest = catalog.Latest(Stop);
        catalog.Current(Stop).IsCompletedSuccessfully.ShouldBeTrue();

        catalog.Expire();
        var current = catalog.Current(Stop);
        current.IsCompleted.ShouldBeFalse();
        slow.Answer.SetResult([new("Company", "text")]);

        (await current).Fields.ShouldHaveSingleItem().ApiName.ShouldBe("Company");
        (await latest).Fields.ShouldHaveSingleItem();
    }

    /// <summary>Nobody might modify those leads again, and no catch-up that began before would read them.</summary>
    [Fact]
    public async Task leads_that_were_read_before_a_new_field_was_known_are_read_again_although_nothing_else_is_read()
    {
        using var catalog = zoho.Catalog;
        await Current(catalog);
        zoho.Time.Advance(TimeSpan.FromSeconds(10));
        zoho.Fields.Add(new FieldDescription("Shoe_Size", "integer"));
        await Current(catalog);
        zoho.Gaps.ShouldBeEmpty();

        // The reading that is due begins by itself. A call for the fields could begin another one.
        var deadline = Task.Delay(TimeSpan.FromMinutes(1), TimeProvider.System, Stop);
        zoho.Time.Advance(TimeSpan.FromSeconds(50));
        while (zoho.Gaps.Count == 0 && !deadline.IsCompleted)
            await Task.Yield();

        var gap = zoho.Gaps.ShouldHaveSingleItem();
        (gap.Kind, gap.From, gap.To).ShouldBe((GapKind.FieldAdded, Start, Start.AddMinutes(1)));
        zoho.Calls.Count.ShouldBe(2, "one reading a minute, and only while leads are read");
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static async Task<IEnumerable<string>> Current(LeadFieldCatalog catalog) =>
        (await catalog.Current(TestContext.Current.CancellationToken)).Fields.Select(field => field.ApiName).ToList();

    private LeadFieldCatalog Catalog(IFieldsApi fields) => new(
        fields, Options, (_, _) => Task.CompletedTask, new ZohoClock(zoho.Time), zoho.Time, NullLogger<LeadFieldCatalog>.Instance);

    private sealed class SlowFields : IFieldsApi
    {
        public TaskCompletionSource<IReadOnlyList<FieldDescription>> Answer { get; set; } = new();

        public Task<IReadOnlyList<FieldDescription>> ReadFields(CancellationToken ct) => Answer.Task;
    }
}
