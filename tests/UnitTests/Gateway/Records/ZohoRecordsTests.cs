using LeadSync.Gateway.Records;
using LeadSync.Gateway.Zoho.Calls;
using LeadSync.Gateway.Zoho.Fields;
using static LeadSync.UnitTests.Gateway.FakeZoho;

namespace LeadSync.UnitTests.Gateway.Records;

public sealed class ZohoRecordsTests
{
    private readonly FakeZoho zoho = new();

    [Fact]
    public async Task blocks_have_at_most_fifty_ids_and_fifty_fields()
    {
        zoho.Fields.AddRange(Enumerable.Range(0, 60).Select(number => new FieldDescription($"Custom_{number}", "text")));
        var ids = Enumerable.Range(1, 120).Select(number => $"{number}").ToList();
        foreach (var id in ids)
            zoho.Leads[id] = Lead(id, Start, ("Last_Name", "Doe"), ("Custom_59", id));

        var answers = await zoho.Records.Read(ids, Lane.Live, TestContext.Current.CancellationToken);

        answers.Cast<SeenLead>().ShouldAllBe(lead =>
            lead.Content.Fields["Last_Name"] == "Doe" && lead.Content.Fields["Custom_59"] == lead.Id);
        var lists = zoho.Calls.Where(call => call.StartsWith("list", StringComparison.Ordinal)).ToList();
        lists.Count.ShouldBe(3 * 2);
        lists.ShouldAllBe(call => call.Split(' ', 3)[1].Split(',', StringSplitOptions.None).Length <= 50);
    }

    [Fact]
    public async Task a_lead_that_changes_between_two_calls_is_read_again()
    {
        zoho.Fields.AddRange(Enumerable.Range(0, 60).Select(number => new FieldDescription($"Custom_{number}", "text")));
        zoho.Leads["1"] = Lead("1", Start, ("Last_Name", "old"), ("Custom_59", "old"));
        zoho.OnCall = call =>
        {
            if (zoho.Calls.Count == 3)
                zoho.Leads["1"] = Lead("1", Start.AddSeconds(1), ("Last_Name", "new"), ("Custom_59", "new"));
        };

        var seen = (SeenLead)(await zoho.Records.Read(["1"], Lane.Live, TestContext.Current.CancellationToken)).ShouldHaveSingleItem();

        seen.Content.ModifiedTime.ShouldBe(Start.AddSeconds(1));
        seen.Content.Fields.Values.OfType<string>().ShouldBe(["new", "new"]);
    }

    [Fact]
    public async Task a_lead_that_appears_between_two_calls_is_read_again()
    {
        zoho.Fields.AddRange(Enumerable.Range(0, 60).Select(number => new FieldDescription($"Custom_{number}", "text")));
        zoho.OnCall = call =>
        {
            if (zoho.Calls.Count == 3)
                zoho.Leads["1"] = Lead("1", Start, ("Last_Name", "Doe"), ("Custom_59", "new"));
        };

        var seen = (SeenLead)(await zoho.Records.Read(["1"], Lane.Live, TestContext.Current.CancellationToken)).ShouldHaveSingleItem();

        seen.Content.Fields.Where(field => field.Value is not null).Select(field => field.Key)
            .ShouldBe(["Last_Name", "Custom_59"], ignoreOrder: true);
    }

    [Fact]
    public async Task a_lead_that_changes_between_all_calls_is_read_alone()
    {
        zoho.Fields.AddRange(Enumerable.Range(0, 60).Select(number => new FieldDescription($"Custom_{number}", "text")));
        zoho.OnCall = call => zoho.Leads["1"] = Lead("1", Start.AddSeconds(zoho.Calls.Count), ("Last_Name", $"{zoho.Calls.Count}"));

        var seen = (SeenLead)(await zoho.Records.Read(["1"], Lane.Live, TestContext.Current.CancellationToken)).ShouldHaveSingleItem();

        zoho.Calls.Count(call => call.StartsWith("list", StringComparison.Ordinal)).ShouldBe(3 * 2);
        zoho.Calls[^1].ShouldBe("single 1");
        seen.Content.Fields["Last_Name"].ShouldBe($"{zoho.Calls.Count}");
    }

    [Fact]
    public async Task a_text_that_a_list_may_have_cut_is_read_in_full()
    {
        zoho.Leads["1"] = Lead("1", Start, ("Description", new string('x', 32_000)));

        var seen = (SeenLead)(await zoho.Records.Read(["1"], Lane.Live, TestContext.Current.CancellationToken)).ShouldHaveSingleItem();

        seen.Content.Fields["Description"]!.Length.ShouldBe(32_000);
    }

    [Fact]
    public async Task a_cut_text_that_cannot_be_read_in_full_is_unknown_rather_than_wrong()
    {
        zoho.Leads["1"] = Lead("1", Start, ("Last_Name", "Doe"), ("Description", new string('x', 501)));
        zoho.OnCall = call => { if (call == "single 1") throw Rejection(); };

        var seen = (SeenLead)(await zoho.Records.Read(["1"], Lane.Live, TestContext.Current.CancellationToken)).ShouldHaveSingleItem();

        seen.Content.Fields.Keys.ShouldBe(["Last_Name"]);
    }

    [Fact]
    public async Task an_id_that_zoho_rejects_does_not_fail_its_block()
    {
        zoho.Leads["1"] = Lead("1", Start, ("Last_Name", "Doe"));
        zoho.OnCall = call => { if (call.Contains("999", StringComparison.Ordinal)) throw Rejection(); };

        var answers = await zoho.Records.Read(["1", "999"], Lane.Live, TestContext.Current.CancellationToken);

        answers.OfType<SeenLead>().ShouldHaveSingleItem().Id.ShouldBe("1");
        answers.OfType<AbsentLead>().ShouldHaveSingleItem().Id.ShouldBe("999");
    }

    [Fact]
    public async Task an_id_that_zoho_rejects_is_found_without_reading_all_others_alone()
    {
        var ids = Enumerable.Range(100, 50).Select(number => $"{number}").ToList();
        foreach (var id in ids.Skip(1))
            zoho.Leads[id] = Lead(id, Start);
        zoho.OnCall = call => { if (call.Contains("100", StringComparison.Ordinal)) throw Rejection("INVALID_DATA"); };

        var answers = await zoho.Records.Read(ids, Lane.Live, TestContext.Current.CancellationToken);

        answers.OfType<SeenLead>().Count().ShouldBe(49);
        zoho.Calls.Count(call => call.StartsWith("single", StringComparison.Ordinal)).ShouldBe(1);
        zoho.Calls.Count(call => call.StartsWith("list", StringComparison.Ordinal)).ShouldBeLessThan(14);
    }

    [Fact]
    public async Task a_field_that_was_removed_costs_one_rejection()
    {
        zoho.Leads["1"] = Lead("1", Start, ("Last_Name", "Doe"));
        zoho.Leads["2"] = Lead("2", Start, ("Last_Name", "Roe"));
        zoho.OnCall = call =>
        {
            if (!call.StartsWith("list", StringComparison.Ordinal) || zoho.Fields.Count == 1)
                return;

            zoho.Fields.RemoveAt(1);
            throw Rejection("INVALID_DATA");
        };

        var answers = await zoho.Records.Read(["1", "2"], Lane.Live, TestContext.Current.CancellationToken);

        answers.OfType<SeenLead>().Count().ShouldBe(2);
        zoho.Calls.Count(call => call.StartsWith("list", StringComparison.Ordinal)).ShouldBe(2);
    }

    [Theory]
    [InlineData("Permission", "NO_PERMISSION", 403)]
    [InlineData("Unavailable", "INTERNAL_ERROR", 500)]
    [InlineData("Rejected", "NOT_ALLOWED", 400)]
    public async Task what_zoho_says_about_one_lead_is_the_answer_of_that_lead(string kind, string code, int status)
    {
        zoho.OnCall = call => { if (call == "single 1") throw new ZohoException(Enum.Parse<ZohoErrorKind>(kind), code, status); };

        (await zoho.Records.ReadSingly(["1"], Lane.Live, TestContext.Current.CancellationToken)).Single()
            .ShouldBeOfType<UnreadableLead>().Reason.ShouldContain($"{status} {code}");
    }

    [Theory]
    [InlineData("Unavailable", 503)]
    [InlineData("Unavailable", null)]
    [InlineData("Throttled", 429)]
    [InlineData("Auth", 401)]
    [InlineData("OverBudget", null)]
    public async Task an_error_that_every_lead_would_get_is_not_one_leads_answer(string kind, int? status)
    {
        zoho.OnCall = call => { if (call == "single 1") throw new ZohoException(Enum.Parse<ZohoErrorKind>(kind), "CODE", status); };

        await Should.ThrowAsync<ZohoException>(() => zoho.Records.ReadSingly(["1"], Lane.Live, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task an_outage_that_begins_while_a_lead_is_read_alone_is_not_that_leads_answer()
    {
        zoho.Leads["1"] = Lead("1", Start, ("Description", new string('x', 501)));
        zoho.OnCall = call => { if (!call.StartsWith("list", StringComparison.Ordinal) && call != "fields") throw Outage(); };

        await Should.ThrowAsync<ZohoException>(() => zoho.Records.ReadSingly(["1"], Lane.Live, TestContext.Current.CancellationToken));
        await Should.ThrowAsync<ZohoException>(() => zoho.Records.Read(["1"], Lane.Live, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task a_lead_at_which_every_call_of_zoho_fails_does_not_fail_the_others()
    {
        var ids = Enumerable.Range(100, 50).Select(number => $"{number}").ToList();
        foreach (var id in ids)
            zoho.Leads[id] = Lead(id, Start);
        zoho.OnCall = call => { if (call.Contains("123", StringComparison.Ordinal)) throw Outage(); };

        var answers = await zoho.Records.Read(ids, Lane.Live, TestContext.Current.CancellationToken);

        answers.OfType<SeenLead>().Count().ShouldBe(49);
        answers.OfType<UnreadableLead>().ShouldHaveSingleItem().Id.ShouldBe("123");
        zoho.Calls.Count.ShouldBeLessThan(20);
    }

    [Fact]
    public async Task many_leads_that_zoho_fails_at_are_an_outage_of_zoho()
    {
        zoho.OnCall = call =>
        {
            if (call.StartsWith("list", StringComparison.Ordinal))
                throw Rejection();
            if (call.StartsWith("single", StringComparison.Ordinal))
                throw Outage();
        };

        await Should.ThrowAsync<ZohoException>(() =>
            zoho.Records.Read([.. Enumerable.Range(1, 6).Select(number => $"{number}")], Lane.Live, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task a_value_that_is_not_of_its_type_is_unknown_and_named_and_the_other_fields_are_read()
    {
        zoho.Fields.Add(new FieldDescription("Annual_Revenue", "currency"));
        zoho.Leads["1"] = Lead("1", Start, ("Last_Name", "Doe")) with { InvalidField = "Annual_Revenue" };

        var seen = (SeenLead)(await zoho.Records.Read(["1"], Lane.Live, TestContext.Current.CancellationToken)).ShouldHaveSingleItem();

        seen.Content.Fields.Keys.ShouldBe(["Last_Name", "Description"], ignoreOrder: true);
        seen.InvalidPart!.Reason.ShouldStartWith("Annual_Revenue holds a value that is not of the field's type");
        zoho.Calls.ShouldNotContain("single 1");
    }

    [Fact]
    public async Task a_rich_text_is_read_in_full_of_many_leads_at_once_and_is_unknown_until_then()
    {
        zoho.Fields.Add(new FieldDescription("Notes", "textarea", TextArea: "rich_text"));
        foreach (var id in new[] { "1", "2", "3" })
            zoho.Leads[id] = Lead(id, Start, ("Notes", id == "3" ? "short" : new string('x', 500)));
        zoho.FullTexts.Add(Lead("1", Start, ("Notes", new string('x', 5_000))));

        var answers = (await zoho.Records.Read(["1", "2", "3"], Lane.Live, TestContext.Current.CancellationToken)).Cast<SeenLead>()
            .ToDictionary(lead => lead.Id);

        answers["1"].Content.Fields["Notes"]!.Length.ShouldBe(5_000);
        answers["2"].Content.Fields.ShouldNotContainKey("Notes");
        answers["3"].Content.Fields["Notes"].ShouldBe("short");
        zoho.Calls.Where(call => call.StartsWith("full", StringComparison.Ordinal)).ShouldBe(["full 1,2"]);
    }

    [Fact]
    public async Task a_plain_text_that_ends_where_zoho_cuts_is_unknown_unless_zoho_shows_it_in_full()
    {
        foreach (var (id, length) in new[] { ("1", 500), ("2", 500), ("3", 501), ("4", 498) })
            zoho.Leads[id] = Lead(id, Start, ("Description", new string('x', length)));
        zoho.FullTexts.Add(Lead("1", Start, ("Description", new string('x', 5_000))));

        var answers = (await zoho.Records.Read(["1", "2", "3", "4"], Lane.Live, TestContext.Current.CancellationToken))
            .Cast<SeenLead>().ToDictionary(lead => lead.Id, lead => lead.Content.Fields);

        answers["1"]["Description"]!.Length.ShouldBe(5_000);
        answers["2"].ShouldNotContainKey("Description");
        answers["3"]["Description"]!.Length.ShouldBe(501);
        answers["4"]["Description"]!.Length.ShouldBe(498);
    }

    [Fact]
    public async Task a_field_that_lists_leave_out_is_read_with_the_lead_alone_and_a_field_that_zoho_shows_nowhere_is_not_requested_again()
    {
        zoho.LeftOutOfLists.Add("Last_Name");
        zoho.Leads["1"] = Lead("1", Start, ("Last_Name", "Doe"));
        var records = zoho.Records;

        ((SeenLead)(await records.Read(["1"], Lane.Live, TestContext.Current.CancellationToken)).Single()).Content.Fields["Last_Name"]
            .ShouldBe("Doe");

        zoho.Hidden = "Last_Name";
        await records.Read(["1"], Lane.Live, TestContext.Current.CancellationToken);
        var calls = zoho.Calls.Count;
        await records.Read(["1"], Lane.Live, TestContext.Current.CancellationToken);
        zoho.Calls.Skip(calls).ShouldNotContain("single 1");
    }

    [Fact]
    public async Task a_reading_is_observed_when_its_request_was_sent()
    {
        zoho.Leads["1"] = Lead("1", Start);
        zoho.OnCall = _ => zoho.Time.Advance(TimeSpan.FromSeconds(7));

        var answers = await zoho.Records.Read(["1"], Lane.Live, TestContext.Current.CancellationToken);

        // Reading the fields took the first seven seconds.
        answers.ShouldHaveSingleItem().ObservedAt.ShouldBe(Start.AddSeconds(7));
    }

    [Fact]
    public async Task an_outage_is_not_taken_for_an_absence()
    {
        zoho.OnCall = call => { if (call != "fields") throw Outage(); };

        await Should.ThrowAsync<ZohoException>(() => zoho.Records.Read(["1"], Lane.Live, TestContext.Current.CancellationToken));
    }
}
