using LeadSync.Contracts;
using LeadSync.Scheduler.Planning;
using LeadSync.Scheduler.Status;

namespace LeadSync.UnitTests.Scheduler;

public sealed class StatusSentenceTests
{
    [Fact]
    public void in_sync_it_says_when_the_last_change_was()
    {
        var sync = PlannedSync.InSync();
        Sentence(sync, modifiedAgo: TimeSpan.FromSeconds(2)).ShouldBe(new("good", "In sync. Last change 2 s ago."));
        Sentence(sync, modifiedAgo: TimeSpan.FromMinutes(75)).Text.ShouldBe("In sync. Last change 1 h 15 min ago.");
        Sentence(sync, modifiedAgo: TimeSpan.FromSeconds(0.4)).Text.ShouldBe("In sync. Last change just now.");
        Sentence(sync).Text.ShouldBe("In sync. No change yet.");
    }

    [Fact]
    public void what_is_parked_is_somebodys_business()
    {
        Sentence(PlannedSync.InSync(), TimeSpan.FromSeconds(3), parked: 1).ShouldBe(new("bad", "In sync but for one parked item. Last change 3 s ago."));
        Sentence(PlannedSync.InSync(), TimeSpan.FromSeconds(3), parked: 7).Text.ShouldStartWith("In sync but for 7 parked items.");
    }

    [Fact]
    public void after_an_outage_it_says_how_much_was_missed_and_why()
    {
        var sync = PlannedSync.InSync();
        var gap = new Gap("The notification channel expired before it was renewed.", sync.Now - TimeSpan.FromMinutes(12), sync.Now, sync.Now);
        var report = Report(sync) with { Phase = "catching up", Gaps = new([gap], []) };

        report.Sentence.ShouldBe(new("busy", "Catching up: 12 minutes missed while the channel was down."));
        (report with { Gaps = new([gap with { Cause = "No gateway could receive notifications for a while." }], []) }).Sentence
            .Text.ShouldBe("Catching up: 12 minutes missed while no gateway was up.");
        (report with { Gaps = new([gap with { Cause = "A gateway crashed; what Zoho sent to it may not have been received." }], []) }).Sentence
            .Text.ShouldBe("Catching up: 12 minutes missed when a gateway crashed.");
        (report with { Gaps = new([gap, gap with { Cause = "Another." }], []) }).Sentence.Text.ShouldBe("Catching up: 12 minutes missed for 2 reasons.");
    }

    [Fact]
    public void a_catch_up_that_fails_again_and_again_calls_for_help()
    {
        var sync = PlannedSync.InSync();
        var report = Report(sync);
        var failing = report with { CatchUp = report.CatchUp with { Failures = 3, Trouble = "Zoho answered 503.", Next = sync.Now.AddSeconds(20) } };

        failing.Sentence.ShouldBe(new("bad", "Catching up has failed 3 times in a row and is tried again in 20 s. Zoho answered 503."));
    }

    [Fact]
    public void a_comparison_that_is_held_back_waits_for_a_person()
    {
        var sync = PlannedSync.InSync();
        var report = Report(sync);
        var held = report with { FullComparison = report.FullComparison with { HeldBack = new(Guid.Empty, sync.Now, 25_000, 9_000) } };

        held.Sentence.ShouldBe(new("bad", "Held back: a comparison would remove 9,000 of 25,000 leads. Release it or drop it."));
    }

    [Fact]
    public void what_waits_for_api_credits_is_said()
    {
        var sync = PlannedSync.InSync();
        var report = Report(sync);
        var waiting = report with { Credits = report.Credits with { Postponed = [Postponed.FullComparison] } };

        waiting.Sentence.ShouldBe(new("busy", "In sync. No change yet. What is due waits for API credits."));
    }

    [Fact]
    public void a_channel_that_tells_nothing_makes_changes_late()
    {
        var sync = PlannedSync.InSync();
        var report = Report(sync);
        var silent = report with { Channel = report.Channel with { IsSilent = true } };

        silent.Sentence.ShouldBe(new("busy", "In sync, but late: Zoho announces nothing, so changes come with catch-ups only. No change yet."));
    }

    [Fact]
    public void before_everything_was_read_it_says_how_far_it_is()
    {
        Sentence(new PlannedSync()).Text.ShouldBe("Opening the notification channel.");

        var sync = new PlannedSync().Subscribe();
        sync.Tick();
        Sentence(sync).Text.ShouldBe("Reading every lead for the first time: waiting for Zoho's export.");
        sync.Hear(sync.JobCreated(), sync.PageReady(more: true));
        Sentence(sync).ShouldBe(new("busy", "Reading every lead for the first time: 0 of 1,000 so far."));
    }

    [Fact]
    public void a_channel_that_zoho_refuses_is_named_with_its_reason()
    {
        var sync = new PlannedSync();
        sync.Tick();
        sync.Hear(new ChannelRenewalFailed("the scope is missing."));
        Sentence(sync).ShouldBe(new("bad", "Zoho does not open the notification channel: the scope is missing."));
    }

    [Fact]
    public void paused_or_without_a_leader_it_says_so()
    {
        var sync = PlannedSync.InSync();
        (Report(sync) with { Paused = true }).Sentence.Tone.ShouldBe("busy");
        (Report(sync) with { HasLeader = false }).Sentence.Tone.ShouldBe("bad");
    }

    private static StatusSentence Sentence(PlannedSync sync, TimeSpan? modifiedAgo = null, long parked = 0) => (Report(sync) with
    {
        Parked = new Dictionary<string, long> { ["projector"] = parked },
        LastChange = modifiedAgo is null ? null : new LastChange(sync.Now - modifiedAgo, sync.Now),
    }).Sentence;

    private static StatusReport Report(PlannedSync sync) => StatusReport.Of(sync.State, sync.Options, sync.Now, hasLeader: true, new Dictionary<string, long>());
}
