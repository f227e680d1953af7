using LeadSync.Contracts;
using LeadSync.Scheduler.Planning;
using LeadSync.Scheduler.Status;

namespace LeadSync.UnitTests.Scheduler.Status;

public sealed class VerdictTests
{
    [Fact]
    public void in_sync_it_says_when_the_last_change_was()
    {
        var sync = PlannedSync.InSync();
        Sentence(sync, modifiedAgo: TimeSpan.FromSeconds(2)).ShouldBe(new(Tone.Good, "In sync. Last change 2 s ago."));
        Sentence(sync, modifiedAgo: TimeSpan.FromMinutes(75)).Text.ShouldBe("In sync. Last change 1 h 15 min ago.");
        Sentence(sync, modifiedAgo: TimeSpan.FromSeconds(0.4)).Text.ShouldBe("In sync. Last change just now.");
        Sentence(sync).Text.ShouldBe("In sync. No change yet.");
        Report(sync).InSync.ShouldBeTrue();
        Report(sync).Reasons.ShouldBeEmpty();
    }

    [Fact]
    public void a_catch_up_or_a_comparison_by_the_clock_leaves_it_in_sync()
    {
        var sync = PlannedSync.InSync();
        sync.TickAfter(TimeSpan.FromHours(1)).OfType<CatchUp>().ShouldHaveSingleItem();
        sync.Hear(new ChannelConfirmed(sync.Now, sync.State.Channel.ExpiresAt));
        (Report(sync).InSync, Report(sync).Phase).ShouldBe((true, Phase.InSync));

        sync.Hear(new CatchUpRead(sync.State.CatchUps.Current!.Id, sync.Now, 0, 0), new FullComparisonRequested(sync.Now)).Tick();
        (Report(sync).InSync, Report(sync).Phase).ShouldBe((true, Phase.Comparing));
        Report(sync).Sentence.ShouldBe(new(Tone.Good, "In sync. No change yet. Comparing every lead with Zoho."));
    }

    [Fact]
    public void nothing_is_in_sync_before_one_complete_read_and_the_catch_up_after_it()
    {
        var sync = new PlannedSync();
        Report(sync).Sentence.Text.ShouldBe("Opening the notification channel.");
        sync.Hear(new LeadershipTaken(sync.Now)).Subscribe().Tick();
        Report(sync).Sentence.Text.ShouldBe("Reading every lead for the first time: waiting for Zoho's export.");
        sync.Hear(sync.JobCreated(), sync.PageReady(more: true));
        Report(sync).Sentence.ShouldBe(new(Tone.Busy, "Reading every lead for the first time: 0 of 1,000 so far."));
        Report(sync).InSync.ShouldBeFalse();

        sync.Hear(sync.PageProjected()).Tick();
        sync.Hear(sync.JobCreated(2), sync.PageReady(2), sync.PageProjected(2)).Tick();
        (Report(sync).InSync, Report(sync).Reasons[0].Kind).ShouldBe((false, ReasonKind.CatchUpAfterFirstRead));
    }

    [Fact]
    public void a_stream_that_holds_only_what_a_scheduler_of_another_database_wrote_is_not_in_sync_and_everything_is_read()
    {
        var sync = new PlannedSync();
        sync.Hear(new LeadershipTaken(sync.Now)).Subscribe();
        var round = Guid.NewGuid();
        sync.Hear(new CatchUpStarted(round, sync.Now.AddHours(-1), sync.Now.AddHours(-1), sync.Now),
            new CatchUpRead(round, sync.Now, 0, 0));

        Report(sync).InSync.ShouldBeFalse();
        sync.Tick().OfType<StartBulkRead>().ShouldHaveSingleItem();
    }

    [Fact]
    public void what_is_parked_is_somebodys_business()
    {
        var parked = Report(PlannedSync.InSync()) with { Parked = new Dictionary<string, long> { ["projector"] = 1 } };
        parked.Sentence.ShouldBe(new(Tone.Bad, "In sync but for one parked item. No change yet."));
        parked.InSync.ShouldBeFalse();
        (parked with { Parked = new Dictionary<string, long> { ["projector"] = 7 } })
            .Sentence.Text.ShouldStartWith("In sync but for 7 parked items.");
    }

    [Theory]
    [InlineData(GapKind.ChannelExpired, "Catching up: up to 12 minutes may be missing: the notification channel was down.")]
    [InlineData(GapKind.NoGateway, "Catching up: up to 12 minutes may be missing: no gateway was up.")]
    [InlineData(GapKind.GatewayCrashed, "Catching up: up to 12 minutes may be missing: a gateway crashed.")]
    [InlineData(GapKind.Refused, "Catching up: up to 12 minutes may be missing: the gateway could not accept notifications.")]
    [InlineData(GapKind.Other, "Catching up: up to 12 minutes may be missing. Reworded.")]
    public void after_an_outage_it_says_how_much_may_be_missing_and_why_by_its_kind_and_not_by_its_words(GapKind kind, string sentence)
    {
        var sync = PlannedSync.InSync();
        var gap = new Gap("Reworded.", sync.Now - TimeSpan.FromMinutes(12), sync.Now, sync.Now) { Kind = kind };
        var report = Report(sync) with { Gaps = new([gap], []) };

        report.Sentence.ShouldBe(new(Tone.Busy, sentence));
        report.InSync.ShouldBeFalse();
    }

    [Fact]
    public void a_catch_up_that_fails_again_and_again_calls_for_help()
    {
        var report = Report(PlannedSync.InSync());
        var failing = report with { CatchUp = report.CatchUp with { Failures = 3, Trouble = "Zoho answered 503.",
            Next = report.At.AddSeconds(20) } };

        failing.Sentence.ShouldBe(new(Tone.Bad, "Catching up has failed 3 times in a row and is tried again in 20 s. Zoho answered 503."));
        failing.InSync.ShouldBeFalse();
    }

    [Fact]
    public void a_database_that_cannot_be_written_is_said_when_that_lasts()
    {
        var report = Report(PlannedSync.InSync());
        var full = report with { Database = new(report.At.AddSeconds(-10), "No space left on device.") };

        full.InSync.ShouldBeTrue("a statement may time out now and then");
        (full with { At = report.At.AddSeconds(20) }).Sentence.ShouldBe(new(Tone.Bad, "The scheduler has been unable to write its database "
            + $"since {report.At.AddSeconds(-10).UtcDateTime:HH:mm:ss} UTC, for 30 s: No space left on device."));
    }

    [Fact]
    public void while_the_database_cannot_be_written_a_service_without_a_heartbeat_is_not_called_down()
    {
        var report = Report(PlannedSync.InSync());
        var unwritable = report with
        {
            Database = new(report.At.AddMinutes(-2), "read-only"),
            Services = [new("gateway", 0, [], null, report.At.AddMinutes(-2)), new("projector", 0, [], null, report.At.AddMinutes(-5))],
        };

        unwritable.Reasons.Select(reason => (reason.Kind, reason.Subject)).ShouldBe(
            [(ReasonKind.CannotWrite, null), (ReasonKind.ServiceDown, "projector")]);
    }

    [Fact]
    public void a_comparison_that_is_held_back_waits_for_a_person()
    {
        var report = Report(PlannedSync.InSync());
        var held = report with { FullComparison = report.FullComparison with { HeldBack = new(Guid.Empty, report.At, 25_000, 9_000) } };

        held.Sentence.ShouldBe(new(Tone.Bad, "Held back: a comparison would remove 9,000 of 25,000 leads. Release it or drop it."));
        held.InSync.ShouldBeFalse();
    }

    [Fact]
    public void what_waits_for_api_credits_is_said_and_leaves_it_in_sync()
    {
        var report = Report(PlannedSync.InSync());
        var waiting = report with { Credits = report.Credits with { Postponed = [Postponed.FullComparison] } };

        waiting.Sentence.ShouldBe(new(Tone.Busy, "In sync. No change yet. The next full comparison waits for API credits."));
        waiting.InSync.ShouldBeTrue();
    }

    [Fact]
    public void a_channel_that_tells_nothing_is_somebodys_business()
    {
        var report = Report(PlannedSync.InSync());
        var silent = report with { Channel = report.Channel with { IsSilent = true } };

        silent.Sentence.Tone.ShouldBe(Tone.Bad);
        silent.Sentence.Text.ShouldStartWith("Zoho does not reach the gateway");
        silent.InSync.ShouldBeFalse();
    }

    [Theory]
    [InlineData(20, true, "Good")]
    [InlineData(40, false, "Busy")]
    [InlineData(400, false, "Bad")]
    public void changes_that_wait_make_it_late(int seconds, bool inSync, string tone)
    {
        var report = Report(PlannedSync.InSync());
        var waiting = report with { Waiting = new(1_074, report.At.AddSeconds(-seconds)) };

        (waiting.InSync, $"{waiting.Sentence.Tone}").ShouldBe((inSync, tone));
        if (!inSync)
            waiting.Sentence.Text.ShouldStartWith("1,074 messages with changes wait, the oldest for ");
    }

    [Theory]
    [InlineData(20, true)]
    [InlineData(40, false)]
    [InlineData(4_000, false)]
    public void leads_that_are_read_again_are_not_in_sync_until_they_are_read_and_nobody_has_to_do_anything(int seconds, bool inSync)
    {
        var report = Report(PlannedSync.InSync());
        var reading = report with { Rereads = new(500, report.At.AddSeconds(-seconds)) };

        reading.InSync.ShouldBe(inSync);
        if (!inSync)
        {
            reading.Sentence.Text.ShouldStartWith("Zoho's export did not show everything about some leads. ");
            reading.Sentence.Tone.ShouldBe(Tone.Busy);
        }
    }

    [Fact]
    public void a_zoho_that_does_not_answer_is_not_taken_for_a_channel_that_is_well()
    {
        var sync = PlannedSync.InSync();
        sync.TickAfter(TimeSpan.FromMinutes(9));
        Report(sync).InSync.ShouldBeTrue();
        sync.TickAfter(TimeSpan.FromMinutes(2));
        (Report(sync).InSync, Report(sync).Reasons[0].Kind).ShouldBe((false, ReasonKind.ZohoUnheard));
        Report(sync).Sentence.Text.ShouldBe("Zoho has not answered for 11 minutes: the notification channel may be lost.");
    }

    [Fact]
    public void a_channel_that_zoho_refuses_is_named_with_its_reason()
    {
        var sync = new PlannedSync();
        sync.Tick();
        sync.Hear(new ChannelRenewalFailed("the scope is missing."));
        Report(sync).Sentence.ShouldBe(new(Tone.Bad, "Zoho does not open the notification channel: the scope is missing."));
    }

    [Fact]
    public void nobody_in_charge_a_leader_that_hangs_and_a_service_that_is_down_are_out_of_sync()
    {
        var report = Report(PlannedSync.InSync());
        StatusReport[] all =
        [
            report with { HasLeader = false },
            report with { LastTickAt = report.At.AddMinutes(-2) },
            report with { Services = [new("gateway", 0, [], null, report.At.AddMinutes(-3))] },
            report with { Broker = new(report.At.AddMinutes(-1), "No connection.") },
        ];
        foreach (var one in all)
            (one.InSync, one.Sentence.Tone).ShouldBe((false, Tone.Bad), one.Sentence.Text);

        (report with { LastTickAt = report.At.AddSeconds(-5) }).InSync.ShouldBeTrue();
        all[2].Sentence.Text.ShouldBe("No gateway has run for 3 minutes: no notification is received. Start it.");
    }

    [Fact]
    public void without_a_broker_it_names_the_broker_and_does_not_claim_that_changes_arrive()
    {
        var report = Report(PlannedSync.InSync()) with { HasLeader = false };
        report.Sentence.Text.ShouldBe("No scheduler leads: live changes still arrive, but nothing is renewed or repaired.");

        var cut = report with { Broker = new(report.At.AddMinutes(-1), "No connection.") };
        cut.Reasons.Select(reason => reason.Kind).ShouldBe([ReasonKind.BrokerDown]);
        cut.Sentence.Text.ShouldBe("RabbitMQ has been unreachable for 1 minute: No connection.");
    }

    [Fact]
    public void while_a_service_is_down_nothing_claims_that_changes_arrive()
    {
        var report = Report(PlannedSync.InSync());
        var down = report with
        {
            HasLeader = false,
            Pause = new(report.At, null, null),
            Services = [new("gateway", 0, [], null, report.At.AddMinutes(-3)), new("projector", 1, ["1"], null, report.At)],
        };

        down.Reasons.ShouldAllBe(reason => !reason.Text.Contains("arrive"));
        down.Reasons[0].Text.ShouldBe("No scheduler leads: nothing is renewed or repaired.");
    }

    [Fact]
    public void paused_it_says_by_whom_since_when_and_why_to_those_who_may_know()
    {
        var sync = PlannedSync.InSync();
        sync.Hear(new SyncPaused(sync.Now, "Ana", "Zoho maintenance")).TickAfter(TimeSpan.FromMinutes(12));
        sync.Hear(new ChannelConfirmed(sync.Now, sync.State.Channel.ExpiresAt));

        Report(sync).Sentence.ShouldBe(new(Tone.Busy,
            "Paused by Ana for 12 minutes (Zoho maintenance): live changes still arrive, but scheduled reads stop until you resume."));
        Report(sync).WithoutNames().Sentence.Text.ShouldBe(
            "Paused for 12 minutes: live changes still arrive, but scheduled reads stop until you resume.");
        Report(sync).InSync.ShouldBeFalse();
    }

    [Theory]
    [InlineData(5, true, "Good")]
    [InlineData(12, false, "Busy")]
    [InlineData(90, false, "Bad")]
    public void a_gateway_that_is_back_is_not_in_sync_before_it_has_reported_what_was_missed(int seconds, bool inSync, string tone)
    {
        var report = Report(PlannedSync.InSync());
        var back = report with
        {
            Services = [new("gateway", 1, ["1"], report.At.AddSeconds(-3), report.At)], ReceivedAt = report.At.AddSeconds(-seconds),
        };

        (back.InSync, $"{back.Sentence.Tone}").ShouldBe((inSync, tone));
        if (!inSync)
            back.Sentence.Text.ShouldEndWith("no gateway has recorded that it can receive notifications. The gateway's log says why.");
    }

    [Fact]
    public void exports_that_keep_failing_are_somebodys_business_although_the_view_is_in_sync()
    {
        var sync = PlannedSync.InSync();
        sync.Hear(new FullComparisonRequested(sync.Now)).Tick();
        for (var job = 1; job <= 4; job++)
        {
            var id = $"failed-{job}";
            sync.Hear(sync.JobCreated(job: id), new BulkJobFailed(sync.State.Run!.Id, 1, id, "Zoho failed."));
            (job, Report(sync).Reasons.Any(reason => reason.Kind == ReasonKind.ExportFails)).ShouldBe((job, job > 3));
            sync.TickAfter(TimeSpan.FromMinutes(6));
            sync.Hear(new ChannelConfirmed(sync.Now, sync.State.Channel.ExpiresAt));
        }

        var reason = Report(sync).Reasons.Single(reason => reason.Kind == ReasonKind.ExportFails);
        (reason.Tone, reason.IsOutOfSync).ShouldBe((Tone.Bad, false));
        reason.Text.ShouldStartWith("Zoho was asked for an export ");
    }

    [Fact]
    public void the_worst_comes_first_and_each_reason_says_where_its_runbook_is()
    {
        var report = Report(PlannedSync.InSync());
        var gap = new Gap("Reworded.", report.At.AddMinutes(-12), report.At, report.At);
        var both = report with { Gaps = new([gap], []), Parked = new Dictionary<string, long> { ["projector"] = 2 } };

        both.Reasons.Select(reason => reason.Kind).ShouldBe([ReasonKind.Parked, ReasonKind.GapOpen]);
        both.Reasons.Select(reason => reason.Help).ShouldBe(["/runbooks#leadsyncparked", "/runbooks#leadsyncgapopen"]);
    }

    [Fact]
    public void every_reason_has_a_paragraph_in_the_runbooks()
    {
        using var stream = typeof(Verdict).Assembly.GetManifestResourceStream("runbooks.md")!;
        using var reader = new StreamReader(stream);
        var runbooks = reader.ReadToEnd();
        foreach (var kind in Enum.GetValues<ReasonKind>())
            runbooks.ShouldContain($"\n## {Reason.Runbook(kind)}\n");
    }

    private static StatusSentence Sentence(PlannedSync sync, TimeSpan? modifiedAgo = null) => (Report(sync) with
    {
        LastChange = modifiedAgo is null ? null : new LastChange(sync.Now - modifiedAgo, sync.Now),
    }).Sentence;

    private static StatusReport Report(PlannedSync sync) =>
        StatusReport.Of(sync.State, sync.Options, sync.Now, new StatusInputs(HasLeader: true));
}
