using LeadSync.Contracts;
using LeadSync.Gateway.Records;
using LeadSync.Gateway.Zoho.Apis;
using LeadSync.Gateway.Zoho.Calls;
using static LeadSync.UnitTests.Gateway.FakeZoho;

namespace LeadSync.UnitTests.Gateway.Records;

public sealed class HydrationTests
{
    private readonly FakeZoho zoho = new();

    [Fact]
    public async Task a_readable_lead_was_seen()
    {
        zoho.Leads["1"] = Lead("1", Start, ("Last_Name", "Doe"));

        var hydrated = await Hydrate(Announced("1"));

        var change = hydrated.Changes.ShouldHaveSingleItem();
        change.Content!.Fields["Last_Name"].ShouldBe("Doe");
        change.ObservedAt.ShouldBe(Start);
        hydrated.Later.ShouldBeEmpty();
    }

    [Fact]
    public async Task a_lead_that_zoho_lists_as_deleted_is_gone()
    {
        zoho.Deleted.Add(new DeletedLead("1", Start.AddSeconds(-2)));

        var hydrated = await Hydrate(Announced("1"));

        hydrated.Changes.ShouldHaveSingleItem().ShouldBe(new LeadChanged("1", Source.Notification, Start, null, Start.AddSeconds(-2)));
    }

    [Fact]
    public async Task deleted_leads_are_looked_for_on_every_page_until_they_are_found()
    {
        zoho.PageSize = 2;
        zoho.Deleted.AddRange(Enumerable.Range(1, 9).Select(number => new DeletedLead($"{number}", Start)));

        var hydrated = await Hydrate(Announced("5"));

        hydrated.Changes.ShouldHaveSingleItem().Content.ShouldBeNull();
        zoho.Calls.Count(call => call.StartsWith("deleted", StringComparison.Ordinal)).ShouldBe(3);
    }

    [Theory]
    [InlineData(1, 10)]
    [InlineData(12, 12)]
    public async Task looking_for_leads_in_a_long_list_of_deleted_ones_never_costs_much_more_than_reading_each_alone(int absent, int pages)
    {
        zoho.PageSize = 1;
        zoho.Deleted.AddRange(Enumerable.Range(1, 50).Select(number => new DeletedLead($"{number}", Start)));

        var hydrated = await Hydrate([.. Enumerable.Range(101, absent).Select(number => Announced($"{number}"))]);

        zoho.Calls.Count(call => call.StartsWith("deleted", StringComparison.Ordinal)).ShouldBe(pages);
        hydrated.Later.Count.ShouldBe(absent);
    }

    [Fact]
    public async Task a_restored_lead_is_seen_although_it_is_listed_as_deleted()
    {
        zoho.Leads["1"] = Lead("1", Start.AddDays(-1));
        zoho.Deleted.Add(new DeletedLead("1", Start.AddHours(-1)));

        (await Hydrate(Announced("1"))).Changes.ShouldHaveSingleItem().Content.ShouldNotBeNull();
    }

    [Theory]
    [InlineData(0, 3)]
    [InlineData(1, 10)]
    [InlineData(2, 60)]
    public async Task a_lead_that_is_neither_readable_nor_deleted_is_announced_again(int attempt, int seconds)
    {
        var hydrated = await Hydrate(Announced("1") with { Attempt = attempt });

        hydrated.Changes.ShouldBeEmpty();
        hydrated.Later.ShouldHaveSingleItem().ShouldBe((Announced("1") with { Attempt = attempt + 1 }, TimeSpan.FromSeconds(seconds)));
    }

    [Fact]
    public async Task a_lead_that_lists_leave_out_is_read_alone_at_the_second_attempt()
    {
        zoho.LeftOutOfLists.Add("1");
        zoho.Leads["1"] = Lead("1", Start, ("Last_Name", "Doe"));

        var first = await Hydrate(Announced("1"));
        first.Changes.ShouldBeEmpty();
        (await Hydrate(first.Later.ShouldHaveSingleItem().Lead)).Changes.ShouldHaveSingleItem().Content!.Fields["Last_Name"]
            .ShouldBe("Doe");
    }

    [Fact]
    public async Task a_lead_with_an_invalid_value_is_published_and_listed()
    {
        zoho.Leads["1"] = Lead("1", Start) with { InvalidField = "Last_Name" };

        var hydrated = await Hydrate(Announced("1"));

        hydrated.Changes.ShouldHaveSingleItem().Content!.Fields.ShouldNotContainKey("Last_Name");
        hydrated.ToPark.ShouldHaveSingleItem().Reason.ShouldContain("Last_Name");
    }

    [Fact]
    public async Task after_some_attempts_a_lead_is_left_to_the_full_comparison()
    {
        var hydrated = await Hydrate(Announced("1") with { Attempt = 3 });

        hydrated.Later.ShouldBeEmpty();
        hydrated.GivenUp.ShouldBe(["1"]);
    }

    [Theory]
    [InlineData(Source.CatchUp)]
    [InlineData(Source.BulkPage)]
    public async Task a_listed_lead_that_zoho_shows_nowhere_is_looked_at_again_a_last_time_and_then_parked(Source source)
    {
        var listed = Announced("1") with { Source = source, Attempt = 3 };

        var (lead, pause) = (await Hydrate(listed)).Later.ShouldHaveSingleItem();
        pause.ShouldBe(TimeSpan.FromMinutes(15));
        var last = await Hydrate(lead);

        last.Later.ShouldBeEmpty();
        last.ToPark.ShouldHaveSingleItem().Reason.ShouldContain("neither as a record nor as deleted");
    }

    [Fact]
    public async Task a_missed_lead_that_zoho_cannot_show_is_gone()
    {
        var hydrated = await Hydrate(Announced("1") with { Source = Source.FullComparison });

        hydrated.Changes.ShouldHaveSingleItem().ShouldBe(new LeadChanged("1", Source.FullComparison, Start, null));
        zoho.Calls[^1].ShouldBe("single 1");
    }

    [Fact]
    public async Task many_missed_leads_that_were_deleted_long_ago_are_looked_for_in_the_whole_list_and_not_read_one_by_one()
    {
        zoho.Deleted.AddRange(Enumerable.Range(1, 1_000).Select(number => new DeletedLead($"{number}", Start.AddDays(-30))));

        var hydrated = await Hydrate(
            [.. Enumerable.Range(1, 1_000).Select(number => Announced($"{number}") with { Source = Source.FullComparison })]);

        hydrated.Changes.Count(change => change.DeletedAt == Start.AddDays(-30)).ShouldBe(1_000);
        zoho.Calls.ShouldNotContain(call => call.StartsWith("single", StringComparison.Ordinal));
        zoho.Calls.Count.ShouldBeLessThan(30);
    }

    [Theory]
    [InlineData(19, Source.FullComparison, 19, 1)]
    [InlineData(20, Source.FullComparison, 20, 2)]
    [InlineData(20, Source.Notification, 0, 1)]
    public async Task fewer_than_twenty_missed_leads_are_read_one_by_one_without_the_whole_list(
        int leads, Source source, int readAlone, int lists)
    {
        await Hydrate([.. Enumerable.Range(1, leads).Select(number => Announced($"{number}") with { Source = source })]);

        zoho.Calls.Count(call => call.StartsWith("single", StringComparison.Ordinal)).ShouldBe(readAlone);
        zoho.Calls.Count(call => call.StartsWith("deleted", StringComparison.Ordinal)).ShouldBe(lists);
    }

    [Fact]
    public async Task missed_leads_that_were_deleted_lately_and_long_ago_are_found_together()
    {
        zoho.Deleted.AddRange(Enumerable.Range(1, 25).Select(number => new DeletedLead($"{number}", Start.AddDays(number > 5 ? -30 : -1))));

        var hydrated = await Hydrate(
            [.. Enumerable.Range(1, 25).Select(number => Announced($"{number}") with { Source = Source.FullComparison })]);

        hydrated.Changes.Count(change => change.DeletedAt == Start.AddDays(-1)).ShouldBe(5);
        hydrated.Changes.Count(change => change.DeletedAt == Start.AddDays(-30)).ShouldBe(20);
    }

    [Fact]
    public async Task announced_leads_are_read_before_all_others()
    {
        zoho.Leads["1"] = Lead("1", Start);
        var other = Announced("2") with { Source = Source.CatchUp };
        await Hydrate(Announced("1"), other);
        zoho.Lanes.Distinct().ShouldBe([Lane.Live]);

        zoho.Lanes.Clear();
        await Hydrate(other);
        zoho.Lanes.Distinct().ShouldBe([Lane.Background]);
    }

    [Fact]
    public async Task a_missed_lead_may_still_exist()
    {
        zoho.OnCall = call => { if (call == "single 1") zoho.Leads["1"] = Lead("1", Start); };

        var hydrated = await Hydrate(Announced("1") with { Source = Source.FullComparison });

        hydrated.Changes.ShouldHaveSingleItem().Content.ShouldNotBeNull();
    }

    [Fact]
    public async Task zoho_s_list_of_deleted_leads_is_asked_for_only_when_a_lead_cannot_be_read()
    {
        zoho.Leads["1"] = Lead("1", Start);

        await Hydrate(Announced("1"));

        zoho.Calls.ShouldNotContain(call => call.StartsWith("deleted", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(Source.Notification, "deleted 09:54:00 1")]
    [InlineData(Source.FullComparison, "deleted 09:59:00 1")]
    public async Task the_list_of_deleted_leads_is_read_from_a_while_before_the_first_announcement(Source source, string call)
    {
        zoho.Deleted.AddRange([new DeletedLead("1", Start), new DeletedLead("2", Start)]);

        await Hydrate(Announced("1") with { Source = source }, Announced("2") with { Source = source, AnnouncedAt = Start.AddMinutes(-1) });

        zoho.Calls.ShouldContain(call);
    }

    [Fact]
    public async Task a_missed_lead_that_zoho_lists_as_deleted_is_not_read_again()
    {
        zoho.Deleted.Add(new DeletedLead("1", Start));

        var hydrated = await Hydrate(Announced("1") with { Source = Source.FullComparison });

        hydrated.Changes.ShouldHaveSingleItem().DeletedAt.ShouldBe(Start);
        zoho.Calls.ShouldNotContain(call => call.StartsWith("single", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(Source.Notification, 0, -5.0, false)]
    [InlineData(Source.Notification, 0, -5.001, true)]
    [InlineData(Source.Notification, 1, -60, false)]
    [InlineData(Source.CatchUp, 0, -60, false)]
    public async Task only_a_fresh_notification_about_an_unchanged_lead_causes_a_second_reading(
        Source source, int attempt, double modifiedSecondsAgo, bool again)
    {
        zoho.Leads["1"] = Lead("1", Start.AddSeconds(modifiedSecondsAgo));

        (await Hydrate(Announced("1") with { Source = source, Attempt = attempt })).Later.Count.ShouldBe(again ? 1 : 0);
    }

    [Fact]
    public async Task a_notified_lead_that_is_unchanged_is_read_once_more()
    {
        zoho.Leads["1"] = Lead("1", Start.AddMinutes(-1));

        var first = await Hydrate(Announced("1"));
        first.Changes.Count.ShouldBe(1);
        var (again, pause) = first.Later.ShouldHaveSingleItem();
        pause.ShouldBe(TimeSpan.FromSeconds(3));

        (await Hydrate(again)).Later.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(Source.FullComparison)]
    [InlineData(Source.BulkPage)]
    [InlineData(Source.CatchUp)]
    public async Task a_failed_reading_of_notified_leads_becomes_a_gap_and_any_other_is_repeated(Source source)
    {
        zoho.OnCall = _ => throw Outage();
        var other = Announced("2") with { Source = source };

        var problem = await Should.ThrowAsync<ZohoException>(() => Hydrate(Announced("1")));
        var failed = HydrationResult.Failed([Announced("1"), other], problem, Start.AddSeconds(30));

        failed.Gap!.From.ShouldBe(Start.AddMinutes(-1));
        failed.Gap.To.ShouldBe(Start.AddSeconds(30));
        failed.Gap.Cause.ShouldBe("The gateway could not read announced leads: Zoho cannot be reached or is in trouble.");
        failed.Later.ShouldHaveSingleItem().ShouldBe((other with { Failures = 1 }, TimeSpan.FromMinutes(1)));
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(3, 8)]
    [InlineData(4, 15)]
    [InlineData(99, 15)]
    public void the_pauses_between_attempts_grow(int failures, int minutes) =>
        HydrationResult.Failed([Announced("1") with { Source = Source.FullComparison, Failures = failures }], Outage(), Start)
            .Later.ShouldHaveSingleItem().Pause.ShouldBe(TimeSpan.FromMinutes(minutes));

    [Fact]
    public void after_a_day_without_zoho_a_lead_is_parked()
    {
        var failed = HydrationResult.Failed([Announced("1") with { Source = Source.CatchUp, Failures = 100 }], Outage(), Start);

        failed.Later.ShouldBeEmpty();
        failed.ToPark.ShouldHaveSingleItem().Reason.ShouldContain("replay");
    }

    [Fact]
    public void a_gap_of_announced_leads_begins_before_the_first_and_ends_after_the_last()
    {
        var gap = HydrationResult.Failed(
            [
                Announced("1"), Announced("2") with { AnnouncedAt = Start.AddMinutes(-3) },
                Announced("3") with { AnnouncedAt = Start.AddMinutes(2) },
            ],
            Outage(), Start).Gap.ShouldNotBeNull();

        (gap.From, gap.To).ShouldBe((Start.AddMinutes(-4), Start.AddMinutes(2)));
    }

    [Fact]
    public void without_notified_leads_there_is_no_gap() =>
        HydrationResult.Failed([Announced("1") with { Source = Source.FullComparison }], Outage(), Start).Gap.ShouldBeNull();

    [Fact]
    public void a_gap_of_announced_leads_ends_no_earlier_than_their_announcement() =>
        HydrationResult.Failed([Announced("1")], Outage(), Start.AddMinutes(-90)).Gap!.To.ShouldBe(Start);

    [Fact]
    public void announcements_of_one_lead_become_one()
    {
        var leads = AnnouncedLead.Of(
        [
            (new LeadsAnnounced(["1", "2", "1"], Source.Notification, Start, Attempt: 2), "a"),
            (new LeadsAnnounced(["1"], Source.FullComparison, Start.AddSeconds(5)), "b"),
        ]);

        leads.ShouldBe(
        [
            new AnnouncedLead("1", Source.FullComparison, Start.AddSeconds(5), Attempt: 0, "a"),
            new AnnouncedLead("2", Source.Notification, Start, Attempt: 2, "a"),
        ]);
    }

    private static AnnouncedLead Announced(string id) => new(id, Source.Notification, Start, Attempt: 0);

    private Task<HydrationResult> Hydrate(params AnnouncedLead[] leads) =>
        new Hydration(zoho, zoho.Records).Hydrate(leads, TestContext.Current.CancellationToken);
}
