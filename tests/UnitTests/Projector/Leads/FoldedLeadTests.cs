using LeadSync.Contracts;
using LeadSync.Projector.Leads;

namespace LeadSync.UnitTests.Projector.Leads;

/// <summary>The events that an observation appends to a lead's stream, and its outcome.</summary>
public sealed class FoldedLeadTests
{
    private static readonly DateTimeOffset Start = new(2026, 8, 15, 14, 0, 0, TimeSpan.Zero);

    [Fact]
    public void what_is_new_is_an_event_and_the_same_again_confirms_it()
    {
        var lead = Unknown();

        Observe(lead, Seen(1, 2, "a")).ShouldBe(new Folded(IsEvent: true, IsAlive: true, IsOutdated: false));
        Observe(lead, Seen(1, 3, "a")).ShouldBe(new Folded(IsEvent: false, IsAlive: true, IsOutdated: false));

        lead.Events.Count.ShouldBe(1);
        lead.Version.ShouldBe(1);
    }

    [Fact]
    public void what_comes_too_late_is_outdated_and_no_event()
    {
        var lead = Unknown();
        Observe(lead, Seen(3, 3, "new"));

        Observe(lead, Seen(1, 9, "old")).ShouldBe(new Folded(IsEvent: false, IsAlive: true, IsOutdated: true));
        Observe(lead, Gone(2)).ShouldBe(new Folded(IsEvent: false, IsAlive: true, IsOutdated: true));
        Observe(lead, Gone(10)).ShouldBe(new Folded(IsEvent: true, IsAlive: false, IsOutdated: false));
        Observe(lead, Gone(11, deletedAt: 10)).ShouldBe(new Folded(IsEvent: false, IsAlive: false, IsOutdated: false));
        Observe(lead, Seen(3, 5, "new")).ShouldBe(new Folded(IsEvent: false, IsAlive: false, IsOutdated: true));
    }

    [Fact]
    public void an_event_says_what_was_observed_by_whom_and_in_which_trace()
    {
        var lead = Unknown();
        Observe(lead, Seen(1, 2, "a") with { TraceParent = "trace" });
        Observe(lead, Gone(5, deletedAt: 4));

        var (seen, trace) = lead.Events[0];
        var recorded = seen.ShouldBeOfType<LeadSeen>();
        (recorded.ModifiedTime, recorded.ObservedAt, recorded.Source).ShouldBe((At(1), At(2), Source.Notification));
        recorded.Fields["Last_Name"].ShouldBe("a");
        (recorded.Absence, recorded.Newer).ShouldBe((null, null));
        trace.ShouldBe("trace");
        lead.Events[1].Data.ShouldBe(new LeadGone(At(5), Source.CatchUp, At(4)));
    }

    [Fact]
    public void newer_content_of_a_lead_that_is_gone_all_the_same_says_so()
    {
        var lead = Unknown();
        Observe(lead, Gone(5));

        Observe(lead, Seen(1, 2, "a")).ShouldBe(new Folded(IsEvent: true, IsAlive: false, IsOutdated: false));

        lead.Events[^1].Data.ShouldBeOfType<LeadSeen>().Absence.ShouldBe(new Absence(At(5), At(5)));
    }

    [Fact]
    public void a_lead_that_comes_back_with_an_older_content_is_shown_with_the_newer_one()
    {
        var lead = Unknown();
        Observe(lead, Seen(3, 3, "new"));
        Observe(lead, Gone(5));

        Observe(lead, Seen(1, 9, "old")).ShouldBe(new Folded(IsEvent: true, IsAlive: true, IsOutdated: false));

        var back = lead.Events[^1].Data.ShouldBeOfType<LeadSeen>();
        back.Fields["Last_Name"].ShouldBe("old");
        var newer = back.Newer.ShouldNotBeNull();
        newer.ModifiedTime.ShouldBe(At(3));
        newer.Fields["Last_Name"].ShouldBe("new");
    }

    [Fact]
    public void what_was_told_last_is_the_observation_whose_content_is_known_now()
    {
        var lead = Unknown();
        lead.ContentObservation.ShouldBeNull();
        var newest = Seen(3, 3, "new");
        Observe(lead, newest);
        Observe(lead, Seen(1, 1, "old"));
        Observe(lead, Gone(2));

        lead.ContentObservation.ShouldBeSameAs(newest);
    }

    [Fact]
    public void registers_are_written_only_when_something_is_to_be_written()
    {
        var known = new Lead(Seen(1, 5, "a").Content, At(5), new Absence(At(2), At(2)));
        FoldedLead Loaded() => new("1", known, foldedVersion: 1, streamVersion: 1);

        Loaded().IsChanged.ShouldBeFalse();
        new FoldedLead("1", known, foldedVersion: 1, streamVersion: 2).IsChanged.ShouldBeTrue("somebody else has appended to the stream");
        Changes(Seen(1, 4, "a")).ShouldBeFalse("the observation is older than the known content");
        Changes(Seen(1, 6, "a")).ShouldBeTrue("the lead was seen later");
        Changes(Gone(1)).ShouldBeFalse("the observation is older than the known content");
        Changes(Gone(3)).ShouldBeTrue("the lead was found gone later, although it lived again after that");

        bool Changes(LeadObservation observation)
        {
            var lead = Loaded();
            Observe(lead, observation);
            return lead.IsChanged;
        }
    }

    [Fact]
    public void a_page_that_showed_the_lead_as_it_was_known_counts_for_what_comes_late()
    {
        var known = new Lead(Seen(1, 2, "a").Content, At(2), null);
        var lead = new FoldedLead("1", known, sightedAt: At(9));

        Observe(lead, Gone(5)).ShouldBe(new Folded(IsEvent: false, IsAlive: true, IsOutdated: true));
    }

    [Fact]
    public void what_the_stream_says_is_taken_in_as_far_as_the_registers_do_not_know_better()
    {
        var registers = new Lead(Seen(3, 3, "registers").Content, At(3), new Absence(At(1), At(1)));
        var older = new FoldedLead("1", registers, foldedVersion: 1, streamVersion: 2);
        older.Replay(new Lead(Seen(2, 2, "stream").Content, At(2), new Absence(At(0), At(0))));
        older.Lead.Content!.ModifiedTime.ShouldBe(At(3));
        older.Lead.Content!.Fields!["Last_Name"].ShouldBe("stream", "the fields equal those of the events");
        (older.Lead.LastSeen, older.Lead.Absence).ShouldBe((At(3), new Absence(At(1), At(1))));

        var newer = new FoldedLead("1", registers, foldedVersion: 1, streamVersion: 2);
        var stream = new Lead(Seen(4, 4, "stream").Content, At(4), new Absence(At(2), At(2)));
        newer.Replay(stream);
        newer.Lead.ShouldBe(stream);

        var nothing = new FoldedLead("1", registers, foldedVersion: 1, streamVersion: 0);
        nothing.Replay(Lead.Unknown);
        nothing.Lead.Content.ShouldBeNull("no event tells what it held");
    }

    [Fact]
    public void fields_that_an_answer_says_nothing_of_stay_as_they_are_known()
    {
        var lead = Unknown();
        Observe(lead, Content(1, 1, ("Last_Name", "a"), ("Rating", "hot")));

        Observe(lead, Content(2, 2, ("Last_Name", "b")), unknown: ["Rating", "Never_Known"]).IsEvent.ShouldBeTrue();
        var content = lead.Lead.Content.ShouldNotBeNull();
        content.Fields!.ShouldBe(new Dictionary<string, string?> { ["Last_Name"] = "b", ["Rating"] = "hot" }, ignoreOrder: true);
        content.Hash.ShouldBe(ContentHash.Of(content.Fields!));

        Observe(lead, Content(3, 3, ("Last_Name", "c")));
        lead.Lead.Content!.Fields!.ContainsKey("Rating").ShouldBeFalse("the answer says that it is empty");
    }

    [Fact]
    public void a_field_that_only_the_lead_s_own_record_tells_is_read_when_it_matters()
    {
        var known = Content(1, 1, ("Description", "long"));
        var unread = Seen(2, 2, "b") with { Uncertain = ["Description"], Unread = ["Description"] };
        var uncertain = Seen(2, 2, "b") with { Uncertain = ["Description"] };

        Read(unread).ShouldBeTrue("the field has an unknown value");
        Read(unread, known).ShouldBeTrue("the field may have another value now");
        Read(uncertain, known).ShouldBeTrue("the field had a value, and may be empty now");
        Read(uncertain).ShouldBeFalse("the lead was unknown, and does not exist");
        Read(Seen(2, 2, "b"), known).ShouldBeFalse();
        Read(Seen(0, 0, "old") with { Uncertain = ["Description"], Unread = ["Description"] }, known)
            .ShouldBeFalse("the observation came too late, and its content is known");
        Read(Seen(0, 0, "old") with { Uncertain = ["Description"], Unread = ["Description"] }, Seen(1, 1, "a"))
            .ShouldBeTrue("the field's value is unknown");

        static bool Read(LeadObservation observation, LeadObservation? before = null)
        {
            var lead = Unknown();
            if (before is not null)
                Observe(lead, before);
            return Observe(lead, observation).IsToBeRead;
        }
    }

    [Fact]
    public void a_forgotten_lead_takes_only_what_zoho_shows_after_it_was_forgotten()
    {
        var known = new Lead(Seen(1, 2, "a").Content, At(2), new Absence(At(6), At(6)));
        Takes(null, Seen(1, 2, "a")).ShouldBeTrue("nobody asked to forget it");
        Takes(new(At(4), UntilSeenAgain: false), Seen(9, 9, "b")).ShouldBeFalse("it is forgotten for good");
        Takes(new(At(4), UntilSeenAgain: true), Seen(4, 4, "b")).ShouldBeFalse("it is what was forgotten");
        Takes(new(At(4), UntilSeenAgain: true), Seen(5, 5, "b")).ShouldBeFalse("it was deleted later");
        Takes(new(At(4), UntilSeenAgain: true), Gone(9)).ShouldBeFalse("it does not bring the lead back");
        Takes(new(At(4), UntilSeenAgain: true), Seen(9, 9, "b")).ShouldBeTrue();

        var back = new FoldedLead("1", known) { Forgotten = new(At(4), UntilSeenAgain: true) };
        Observe(back, Seen(9, 9, "b"));
        back.Takes(Gone(12)).ShouldBeTrue("the lead is back");

        bool Takes(ForgottenSince? forgotten, LeadObservation observation) =>
            new FoldedLead("1", known) { Forgotten = forgotten }.Takes(observation);
    }

    [Fact]
    public void only_the_changes_that_became_events_count_as_applied()
    {
        LeadChanged[] changes = [Changed("1"), Changed("2"), Changed("1"), Changed("3")];
        changes.Applied([("1", new Folded(IsEvent: true, IsAlive: true, IsOutdated: false)),
            ("2", new Folded(IsEvent: false, IsAlive: true, IsOutdated: true))]).ShouldBe([changes[0], changes[2]]);

        static LeadChanged Changed(string id) => new(id, Source.Notification, Start, null);
    }

    private static FoldedLead Unknown() => new("1", Lead.Unknown);

    private static Folded Observe(FoldedLead lead, LeadObservation observation, params string[] unknown) =>
        lead.Observe(observation, unknown);

    private static LeadObservation Seen(int modified, int observed, string name) => Content(modified, observed, ("Last_Name", name));

    private static LeadObservation Content(int modified, int observed, params (string Name, string? Value)[] values)
    {
        var fields = values.ToDictionary(value => value.Name, value => value.Value);
        return new(
            "1", Source.Notification, new Content(At(modified), At(observed), ContentHash.Of(fields), fields), null, 0, [], [], null);
    }

    private static LeadObservation Gone(int observed, int? deletedAt = null) =>
        new("1", Source.CatchUp, null, new Absence(At(observed), At(deletedAt ?? observed)), 0, [], [], null);

    private static DateTimeOffset At(int second) => Start.AddSeconds(second);
}
