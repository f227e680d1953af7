using LeadSync.Contracts;
using LeadSync.Gateway.CatchUps;
using LeadSync.Gateway.Records;
using LeadSync.Gateway.Zoho.Apis;
using LeadSync.Gateway.Zoho.Calls;
using LeadSync.Gateway.Zoho.Fields;
using Microsoft.Extensions.Logging.Abstractions;
using static LeadSync.UnitTests.Gateway.FakeZoho;

namespace LeadSync.UnitTests.Gateway.CatchUps;

public sealed class CatchUpReadingTests
{
    private static readonly DateTimeOffset Since = Start.AddHours(-1);

    private readonly FakeZoho zoho = new();

    [Fact]
    public async Task modified_and_deleted_leads_are_published_on_pages()
    {
        zoho.Leads["1"] = Lead("1", Since, ("Last_Name", "Doe"));
        zoho.Leads["2"] = Lead("2", Since.AddSeconds(-1));
        zoho.Deleted.Add(new DeletedLead("3", Since.AddMinutes(1)));

        var found = await Read();

        found.OfType<CatchUpPageReady>()
            .ShouldHaveSingleItem().Leads.Select(lead => (lead.Id, Seen: lead.Content is not null, lead.DeletedAt))
            .ShouldBe([("1", true, null), ("3", false, Since.AddMinutes(1))], ignoreOrder: true);
        found[^1].ShouldBe(
            new CatchUpRead(
                CatchUpId, Start.AddSeconds(-5), Pages: 1, Leads: 2, LatestDeletion: Since.AddMinutes(1), LatestModification: Since));
    }

    [Fact]
    public async Task a_catch_up_reports_the_last_modification_that_a_notification_should_have_announced()
    {
        zoho.Leads["1"] = Lead("1", Since.AddMinutes(5));
        zoho.Leads["2"] = Lead("2", Since.AddMinutes(54));
        zoho.Leads["3"] = Lead("3", Start.AddMinutes(-5));

        ((CatchUpRead)(await Read())[^1]).LatestModification.ShouldBe(Since.AddMinutes(54));
    }

    [Fact]
    public async Task a_deleted_lead_that_can_be_read_was_restored()
    {
        zoho.Leads["1"] = Lead("1", Since.AddDays(-9));
        zoho.Deleted.Add(new DeletedLead("1", Since));

        (await Read()).OfType<CatchUpPageReady>().Single().Leads.ShouldHaveSingleItem().Content.ShouldNotBeNull();
    }

    [Fact]
    public async Task leads_that_are_edited_while_pages_are_read_are_not_skipped()
    {
        zoho.PageSize = 5;
        foreach (var number in Enumerable.Range(1, 40))
            zoho.Leads[$"{number:00}"] = Lead($"{number:00}", Since.AddSeconds(number));
        // Every reading moves the earliest lead to the end, so that all later leads move up.
        zoho.OnCall = call =>
        {
            if (call.StartsWith("modified", StringComparison.Ordinal) && zoho.Calls.Count is var calls and < 30)
                zoho.Leads[$"{calls:00}"] = Lead($"{calls:00}", Since.AddSeconds(100 + calls));
        };

        var found = await Read();

        Ids(found).ShouldBe(Enumerable.Range(1, 40).Select(number => $"{number:00}"), ignoreOrder: true);
    }

    [Fact]
    public async Task a_second_that_fills_more_than_a_page_is_read_to_its_end()
    {
        zoho.PageSize = 5;
        foreach (var number in Enumerable.Range(1, 23))
            zoho.Leads[$"{number}"] = Lead($"{number}", Since.AddSeconds(number < 20 ? 7 : 8));

        ((CatchUpRead)(await Read())[^1]).Leads.ShouldBe(23);
    }

    [Fact]
    public async Task a_lead_that_moves_to_the_page_before_while_one_second_is_read_by_number_is_not_skipped()
    {
        TwelveLeadsOnThreePages(Since);
        zoho.OnCall = call =>
        {
            if (call.EndsWith(" 2", StringComparison.Ordinal) && call.StartsWith("modified", StringComparison.Ordinal))
                zoho.Leads["01"] = Lead("01", Since.AddMinutes(30));
        };

        Ids(await Read()).ShouldContain("06");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task a_lead_that_moves_a_page_on_and_then_to_the_end_while_one_second_is_read_by_number_is_not_skipped(
        bool leavesOutFirstSecond)
    {
        zoho.LeavesOutFirstSecond = leavesOutFirstSecond;
        TwelveLeadsOnThreePages(Since.AddSeconds(7));
        var moved = false;
        zoho.OnCall = call =>
        {
            if (call.EndsWith(" 2", StringComparison.Ordinal) && !moved)
            {
                zoho.Leads["01"] = Lead("01", Since.AddMinutes(30));
                moved = true;
            }
            else if (call.EndsWith(" 1", StringComparison.Ordinal) && moved)
            {
                zoho.Leads["06"] = Lead("06", Since.AddMinutes(31));
            }
        };

        Ids(await Read()).ShouldContain("06");
    }

    [Fact]
    public async Task a_lead_that_is_modified_after_the_last_page_has_vanished_is_not_skipped()
    {
        TwelveLeadsOnThreePages(Since);
        zoho.OnCall = call =>
        {
            if (call.EndsWith(" 2", StringComparison.Ordinal))
                zoho.Leads.Remove("01");
            else if (call.EndsWith(" 3", StringComparison.Ordinal))
                zoho.Leads.Remove("12");
            else if (call.EndsWith(" 1", StringComparison.Ordinal) && !zoho.Leads.ContainsKey("12"))
                zoho.Leads["06"] = Lead("06", Since.AddMinutes(31));
        };

        Ids(await Read()).ShouldContain("06");
    }

    [Fact]
    public async Task everything_after_a_second_that_fills_several_pages_is_read()
    {
        foreach (var number in Enumerable.Range(1, 2_700))
            zoho.Leads[$"{number}"] = Lead($"{number}", Since.AddSeconds(number <= 500 ? 1 : 2 + (number / 450)));

        (await Read(new CatchUp(CatchUpId, Since, DeletedSince: Since.AddMinutes(-5))))[^1]
            .ShouldBeOfType<CatchUpRead>().Leads.ShouldBe(2_700);

        zoho.Calls.Count(call => call.StartsWith("modified", StringComparison.Ordinal)).ShouldBeLessThan(40);
    }

    [Fact]
    public async Task a_list_that_is_not_in_order_is_read_to_its_end()
    {
        zoho.PageSize = 5;
        zoho.ListsLatestFirst = true;
        foreach (var number in Enumerable.Range(1, 23))
            zoho.Leads[$"{number:00}"] = Lead($"{number:00}", Since.AddSeconds(number));

        ((CatchUpRead)(await Read())[^1]).Leads.ShouldBe(23);
    }

    [Fact]
    public async Task a_modified_lead_that_a_list_leaves_out_is_read_alone()
    {
        zoho.Leads["1"] = Lead("1", Since, ("Last_Name", "Doe"));
        zoho.OnCall = call =>
        {
            if (call.StartsWith("list", StringComparison.Ordinal))
                zoho.Leads.Remove("1");
            else if (call.StartsWith("single", StringComparison.Ordinal))
                zoho.Leads["1"] = Lead("1", Since, ("Last_Name", "Doe"));
        };

        (await Read()).OfType<CatchUpPageReady>().ShouldHaveSingleItem().Leads.ShouldHaveSingleItem().Id.ShouldBe("1");
    }

    [Fact]
    public async Task a_filter_that_leaves_out_its_own_second_loses_nothing_between_pages()
    {
        zoho.PageSize = 5;
        zoho.LeavesOutFirstSecond = true;
        foreach (var number in Enumerable.Range(1, 20))
            zoho.Leads[$"{number}"] = Lead($"{number}", Since.AddSeconds(1 + number / 3));

        ((CatchUpRead)(await Read())[^1]).Leads.ShouldBe(20);
    }

    [Fact]
    public async Task more_than_two_thousand_modified_leads_are_left_to_a_bulk_read_but_deletions_are_published()
    {
        foreach (var number in Enumerable.Range(1, 2_001))
            zoho.Leads[$"{number}"] = Lead($"{number}", Since.AddSeconds(number));
        zoho.Deleted.Add(new DeletedLead("9999", Since));

        var found = await Read();

        found.OfType<CatchUpPageReady>().ShouldHaveSingleItem().Leads.ShouldHaveSingleItem().Id.ShouldBe("9999");
        found[^1].ShouldBe(new CatchUpTooLarge(CatchUpId, Since, Since.AddSeconds(2001)));
    }

    [Fact]
    public async Task after_a_bulk_read_has_replaced_a_catch_up_the_next_reads_any_number_of_leads()
    {
        foreach (var number in Enumerable.Range(1, 2_500))
            zoho.Leads[$"{number}"] = Lead($"{number}", Since.AddSeconds(number));

        var found = await Read(new CatchUp(CatchUpId, Since, DeletedSince: Since.AddMinutes(-5)));

        found[^1].ShouldBeOfType<CatchUpRead>().Leads.ShouldBe(2_500);
    }

    [Fact]
    public async Task deletions_can_be_read_from_an_earlier_moment()
    {
        zoho.Deleted.Add(new DeletedLead("1", Since.AddDays(-1)));

        var found = await Read(new CatchUp(CatchUpId, Since, DeletedSince: Since.AddDays(-2)));

        found.OfType<CatchUpPageReady>().Single().Leads.ShouldHaveSingleItem().Id.ShouldBe("1");
    }

    [Fact]
    public async Task a_deleted_lead_that_moves_to_the_page_before_because_another_is_restored_is_not_skipped()
    {
        zoho.PageSize = 2;
        zoho.Deleted.AddRange(Enumerable.Range(1, 5).Select(number => new DeletedLead($"{number}", Since)));
        zoho.OnCall = call =>
        {
            if (call.StartsWith("deleted", StringComparison.Ordinal) && call.EndsWith(" 2", StringComparison.Ordinal))
                zoho.Deleted.RemoveAll(lead => lead.Id == "1");
        };

        Ids(await Read()).ShouldContain("3");
    }

    [Theory]
    [InlineData(ZohoErrorKind.Rejected, 400)]
    [InlineData(ZohoErrorKind.Permission, 403)]
    [InlineData(ZohoErrorKind.NotFound, 404)]
    public async Task a_list_of_deleted_leads_that_ends_early_does_not_end_the_catch_up_which_does_not_confirm_deletions(
        object refusal, int status)
    {
        RefuseSecondPage(new ZohoException((ZohoErrorKind)refusal, "LIMIT_EXCEEDED", status));

        var read = (CatchUpRead)(await Read())[^1];
        read.Leads.ShouldBe(1);
        read.AreDeletionsComplete.ShouldBeFalse();
    }

    [Theory]
    [InlineData(ZohoErrorKind.Unavailable)]
    [InlineData(ZohoErrorKind.Throttled)]
    [InlineData(ZohoErrorKind.Auth)]
    [InlineData(ZohoErrorKind.OverBudget)]
    public async Task a_trouble_that_passes_does_not_shorten_the_list_of_deleted_leads(object trouble)
    {
        RefuseSecondPage(new ZohoException((ZohoErrorKind)trouble, "PASSES"));

        await Should.ThrowAsync<ZohoException>(Read);
    }

    [Fact]
    public async Task a_catch_up_does_not_confirm_deletions_when_zoho_says_there_are_more_and_shows_an_empty_page()
    {
        zoho.PageSize = 2;
        zoho.ShownDeleted = 4;
        zoho.Deleted.AddRange(Enumerable.Range(1, 5).Select(number => new DeletedLead($"{number}", Since)));

        var read = (CatchUpRead)(await Read())[^1];

        (read.Leads, read.AreDeletionsComplete).ShouldBe((4, false));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task a_list_of_deleted_leads_that_becomes_shorter_is_complete_although_its_last_page_is_empty(int restored)
    {
        zoho.PageSize = 2;
        zoho.Deleted.AddRange(Enumerable.Range(1, 5).Select(number => new DeletedLead($"{number}", Since)));
        zoho.OnCall = call =>
        {
            if (call.StartsWith("deleted", StringComparison.Ordinal) && call.EndsWith(" 3", StringComparison.Ordinal))
                zoho.Deleted.RemoveRange(5 - restored, restored);
        };

        ((CatchUpRead)(await Read())[^1]).AreDeletionsComplete.ShouldBeTrue();
    }

    [Fact]
    public async Task a_deleted_lead_costs_the_same_however_many_fields_are_synced_and_a_restored_one_is_read_in_full()
    {
        zoho.Fields.AddRange(Enumerable.Range(1, 100).Select(number => new FieldDescription($"Field_{number}", "text")));
        zoho.Deleted.AddRange(Enumerable.Range(1, 120).Select(number => new DeletedLead($"{number}", Since)));
        zoho.Leads["7"] = Lead("7", Since.AddDays(-9), ("Last_Name", "Doe"));

        var leads = (await Read()).OfType<CatchUpPageReady>().SelectMany(page => page.Leads).ToList();

        leads.Count.ShouldBe(120);
        leads.Single(lead => lead.Content is not null).Content!.Fields["Last_Name"].ShouldBe("Doe");
        zoho.Calls.Count(call => call.StartsWith("list", StringComparison.Ordinal)).ShouldBe(3 + 3);
    }

    [Fact]
    public async Task a_deleted_lead_whose_id_zoho_does_not_accept_does_not_stop_the_others()
    {
        zoho.Deleted.AddRange([new DeletedLead("bad", Since), new DeletedLead("1", Since)]);
        zoho.OnCall = call => { if (call.Contains("bad", StringComparison.Ordinal)) throw Rejection(); };

        Ids(await Read()).ShouldBe(["bad", "1"], ignoreOrder: true);
    }

    [Fact]
    public async Task twenty_thousand_deleted_leads_are_all_read()
    {
        zoho.Deleted.AddRange(Enumerable.Range(1, 20_000).Select(number => new DeletedLead($"{number}", Since)));

        var read = (CatchUpRead)(await Read())[^1];

        (read.Leads, read.AreDeletionsComplete).ShouldBe((20_000, true));
    }

    [Fact]
    public async Task a_lead_that_zoho_does_not_let_be_read_is_parked_and_does_not_stop_the_others()
    {
        zoho.Leads["1"] = Lead("1", Since);
        zoho.Leads["2"] = Lead("2", Since);
        zoho.OnCall = call =>
        {
            if (call.StartsWith("list", StringComparison.Ordinal))
                zoho.Leads.Remove("1");
            else if (call == "single 1")
                throw new ZohoException(ZohoErrorKind.Permission, "NO_PERMISSION", 403);
        };

        var found = await Read();

        found.OfType<UnreadableLead>().ShouldHaveSingleItem().Reason.ShouldContain("403 NO_PERMISSION");
        ((CatchUpRead)found[^1]).Leads.ShouldBe(1);
    }

    [Fact]
    public async Task a_modified_lead_that_zoho_shows_nowhere_is_looked_at_again()
    {
        zoho.Leads["1"] = Lead("1", Since);
        zoho.Leads["2"] = Lead("2", Since);
        zoho.OnCall = call => { if (call.StartsWith("list", StringComparison.Ordinal)) zoho.Leads.Remove("1"); };

        var found = await Read();

        found.OfType<AnnouncedLead>().ShouldHaveSingleItem().ShouldBe(new AnnouncedLead("1", Source.CatchUp, Start, Attempt: 0));
        ((CatchUpRead)found[^1]).Leads.ShouldBe(1);
    }

    [Fact]
    public async Task a_catch_up_never_reports_an_end_before_its_start() =>
        ((CatchUpRead)(await Read(new CatchUp(CatchUpId, Start)))[^1]).Until.ShouldBe(Start);

    [Fact]
    public async Task a_lead_with_a_value_that_is_not_of_its_type_is_read_and_listed()
    {
        zoho.Leads["1"] = Lead("1", Since) with { InvalidField = "Annual_Revenue" };
        zoho.Leads["2"] = Lead("2", Since);

        var found = await Read();

        found.OfType<PartlyInvalidLead>().ShouldHaveSingleItem().Id.ShouldBe("1");
        ((CatchUpRead)found[^1]).Leads.ShouldBe(2);
    }

    [Fact]
    public async Task large_leads_are_spread_over_pages_that_are_counted()
    {
        foreach (var number in Enumerable.Range(1, 5))
            zoho.Leads[$"{number}"] = Lead($"{number}", Since, ("Description", new('x', 400_000)));

        var found = await Read();

        found.OfType<CatchUpPageReady>().Select(page => (page.Page, page.Leads.Count)).ShouldBe([(1, 2), (2, 2), (3, 1)]);
        ((CatchUpRead)found[^1]).Pages.ShouldBe(3);
    }

    private static Guid CatchUpId { get; } = Guid.Parse("5f0c2a5e-0f0f-4c55-8a15-2f9b8f8a0001");

    private void TwelveLeadsOnThreePages(DateTimeOffset modifiedTime)
    {
        zoho.PageSize = 5;
        foreach (var number in Enumerable.Range(1, 12))
            zoho.Leads[$"{number:00}"] = Lead($"{number:00}", modifiedTime);
    }

    private void RefuseSecondPage(ZohoException refusal)
    {
        zoho.PageSize = 1;
        zoho.Deleted.AddRange([new DeletedLead("1", Since), new DeletedLead("2", Since)]);
        zoho.OnCall = call => { if (call.StartsWith("deleted", StringComparison.Ordinal) && call.EndsWith('2')) throw refusal; };
    }

    private static IEnumerable<string> Ids(IEnumerable<object> found) =>
        found.OfType<CatchUpPageReady>().SelectMany(page => page.Leads).Select(lead => lead.Id);

    private Task<List<object>> Read() => Read(new CatchUp(CatchUpId, Since));

    private async Task<List<object>> Read(CatchUp catchUp)
    {
        var reading = new CatchUpReading(
            zoho, zoho, zoho.Records, zoho.Catalog, new ZohoClock(zoho.Time), NullLogger<CatchUpReading>.Instance);
        var found = new List<object>();
        await foreach (var part in reading.Read(catchUp, TestContext.Current.CancellationToken))
        {
            found.AddRange(part switch
            {
                CatchUpPart.Page page => [page.Ready],
                CatchUpPart.Parked parked => [parked.Lead],
                CatchUpPart.Unfound unfound => unfound.Leads,
                CatchUpPart.End end => [end.Read],
                CatchUpPart.TooLarge large => [large.Left],
                _ => Array.Empty<object>(),
            });
        }

        return found;
    }
}
