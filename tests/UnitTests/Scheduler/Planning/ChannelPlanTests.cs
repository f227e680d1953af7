using LeadSync.Contracts;
using LeadSync.Scheduler.Planning;

namespace LeadSync.UnitTests.Scheduler.Planning;

public sealed class ChannelPlanTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public void the_first_step_opens_the_channel()
    {
        var sync = new PlannedSync();
        sync.Tick().ShouldBe([new RenewChannel(TimeSpan.FromDays(1), After: default(DateTimeOffset), sync.Now + CommandLife.Short)]);
        sync.TickAfter(Second).ShouldBeEmpty();
    }

    [Fact]
    public void without_an_answer_the_channel_is_renewed_again_after_half_a_minute()
    {
        var sync = new PlannedSync();
        sync.Tick();
        sync.SecondsOf<RenewChannel>(TimeSpan.FromSeconds(90)).ShouldBe([30, 60, 90]);
    }

    [Fact]
    public void an_answer_that_comes_before_its_command_is_recorded_counts()
    {
        var sync = new PlannedSync();
        var sent = Plan.Next(sync.State, sync.Options, sync.Now).Commands.Single().Sent;
        sync.Subscribe().Hear(sent);
        sync.SecondsOf<RenewChannel>(TimeSpan.FromMinutes(5)).ShouldBeEmpty();
    }

    [Fact]
    public void after_a_failure_the_channel_is_renewed_again_with_growing_pauses()
    {
        var sync = new PlannedSync();
        sync.Tick();
        var pauses = new List<double>();
        for (var attempt = 0; attempt < 8; attempt++)
        {
            sync.Hear(new ChannelRenewalFailed("Zoho answered 503."));
            pauses.Add(sync.SecondsUntil<RenewChannel>());
        }

        pauses.ShouldBe([1, 2, 4, 8, 16, 32, 60, 60]);
    }

    [Theory]
    [InlineData("1.00:00:00", "14:24:00")]
    [InlineData("01:00:00", "00:36:00")]
    [InlineData("7.00:00:00", "23:55:00")]
    [InlineData("00:00:30", "00:00:18")]
    public void renewal_is_due_when_sixty_percent_of_the_granted_life_is_over(string granted, string due)
    {
        var sync = new PlannedSync().Subscribe(TimeSpan.Parse(granted, null));
        var life = TimeSpan.Parse(due, null);
        sync.TickAfter(life - Second).OfType<RenewChannel>().ShouldBeEmpty();
        sync.TickAfter(Second).OfType<RenewChannel>().Count().ShouldBe(1);
    }

    [Theory]
    [InlineData(120)]
    [InlineData(600)]
    [InlineData(86_400)]
    public void when_a_renewal_fails_there_is_time_for_five_more(int lifeSeconds)
    {
        var sync = new PlannedSync().Subscribe(TimeSpan.FromSeconds(lifeSeconds));
        var left = lifeSeconds - sync.SecondsUntil<RenewChannel>();
        while (left > 30)
        {
            sync.Hear(new ChannelRenewalFailed("Zoho answered 503."));
            var pause = sync.SecondsUntil<RenewChannel>();
            (pause * 5).ShouldBeLessThanOrEqualTo(left);
            left -= pause;
        }
    }

    [Fact]
    public void after_failures_the_pauses_grow_to_five_minutes_while_the_channel_is_open_and_to_one_when_it_is_lost()
    {
        var open = PlannedSync.InSync();
        Pauses(open).ShouldBe([1, 2, 4, 8, 16, 32, 64, 128, 256, 300]);
        var lost = PlannedSync.InSync();
        Pauses(lost.Hear(new ChannelLost(lost.Now + Second, "Zoho does not list it."))).ShouldBe([1, 2, 4, 8, 16, 32, 60, 60, 60, 60]);

        static IReadOnlyList<double> Pauses(PlannedSync sync)
        {
            sync.SecondsUntil<RenewChannel>();
            return [.. Enumerable.Range(0, 10).Select(_ =>
                sync.Hear(new ChannelRenewalFailed("Zoho answered 503.")).SecondsUntil<RenewChannel>())];
        }
    }

    [Fact]
    public void the_less_life_is_left_the_sooner_a_renewal_without_an_answer_is_repeated()
    {
        var sync = new PlannedSync().Subscribe(TimeSpan.FromSeconds(30));
        sync.SecondsOf<RenewChannel>(TimeSpan.FromSeconds(59)).ShouldBe([18, 20, 22, 24, 25, 26, 27, 28, 29, 30], "it expires then");
    }

    [Fact]
    public void a_failure_that_arrives_after_the_renewal_is_not_shown() =>
        new PlannedSync().Subscribe().Hear(new ChannelRenewalFailed("Zoho answered 503.")).State.Channel.RenewalFailure.ShouldBeNull();

    [Fact]
    public void every_three_minutes_a_check_also_listens()
    {
        var sync = new PlannedSync().Subscribe(TimeSpan.FromSeconds(600));
        var listening = Enumerable.Range(1, 300)
            .Where(_ => sync.TickAfter(Second).OfType<CheckChannel>().Any(check => check.Listen)).ToList();
        listening.ShouldBe([60, 240]);
    }

    [Fact]
    public void of_a_renewal_and_a_check_at_the_same_moment_the_renewal_counts()
    {
        var sync = new PlannedSync().Subscribe();
        var expiry = sync.State.Channel.ExpiresAt;
        sync.Hear(new ChannelConfirmed(sync.Now, sync.Now + TimeSpan.FromHours(1))).State.Channel.ExpiresAt.ShouldBe(expiry);

        sync.Hear(new ChannelConfirmed(sync.Now + Second, sync.Now + TimeSpan.FromHours(1))).TickAfter(Second);
        sync.Subscribe().State.Channel.ExpiresAt.ShouldBe(sync.Now + TimeSpan.FromDays(1));
    }

    [Fact]
    public void a_confirmation_before_the_channel_was_opened_and_a_loss_of_none_change_nothing()
    {
        var sync = new PlannedSync();
        sync.Hear(new ChannelConfirmed(sync.Now, sync.Now + Second), new ChannelLost(sync.Now, "Zoho does not list it."));
        sync.State.ShouldBe(SyncState.Empty);
    }

    [Fact]
    public void a_loss_at_the_moment_of_the_renewal_is_repaired_by_it()
    {
        var sync = PlannedSync.InSync();
        sync.Hear(new ChannelLost(sync.Now, "Zoho does not list it."));
        sync.State.Channel.IsOpenAt(sync.Now).ShouldBeTrue();
        sync.State.Gaps.Open.ShouldHaveSingleItem().To.ShouldBe(sync.Now);
    }

    [Fact]
    public void a_confirmation_corrects_the_expiry()
    {
        var sync = new PlannedSync().Subscribe(TimeSpan.FromDays(1));
        sync.Hear(new ChannelConfirmed(sync.Now + Second, sync.Now + TimeSpan.FromHours(1)));
        sync.TickAfter(TimeSpan.FromMinutes(36)).OfType<RenewChannel>().Count().ShouldBe(1);
    }

    [Theory]
    [InlineData(86_400, 120)]
    [InlineData(600, 60)]
    [InlineData(20, 5)]
    public void the_channel_is_checked_at_intervals(int lifeSeconds, int pause)
    {
        var sync = new PlannedSync().Subscribe(TimeSpan.FromSeconds(lifeSeconds));
        sync.SecondsOf<CheckChannel>(TimeSpan.FromSeconds((2 * pause) + 1)).ShouldBe([pause, 2 * pause]);
    }

    [Fact]
    public void a_lost_channel_is_renewed_at_once_and_leaves_a_gap_since_it_was_last_known_to_be_good()
    {
        var sync = PlannedSync.InSync();
        var good = sync.Now + TimeSpan.FromMinutes(5);
        var lost = sync.Now + TimeSpan.FromMinutes(10);
        sync.Hear(new ChannelConfirmed(good, sync.State.Channel.ExpiresAt), new ChannelLost(lost, "Zoho does not list it."));

        sync.TickAfter(TimeSpan.FromMinutes(10)).OfType<RenewChannel>().Count().ShouldBe(1);
        var gap = sync.State.Gaps.Open.ShouldHaveSingleItem();
        (gap.From, gap.To).ShouldBe((good, null));

        sync.TickAfter(Second);
        sync.Subscribe();
        sync.State.Gaps.Open.ShouldHaveSingleItem().To.ShouldBe(lost + Second);
    }

    [Fact]
    public void a_loss_that_arrives_after_the_renewal_is_a_closed_gap()
    {
        var sync = PlannedSync.InSync();
        var lost = new ChannelLost(sync.Now + TimeSpan.FromMinutes(1), "Zoho does not list it.");
        sync.TickAfter(TimeSpan.FromMinutes(2));
        sync.Subscribe().Hear(lost, lost);

        var gap = sync.State.Gaps.Open.ShouldHaveSingleItem();
        (gap.From, gap.To).ShouldBe((lost.CheckedAt, sync.Now));
        sync.State.Channel.IsOpenAt(sync.Now).ShouldBeTrue();
    }

    [Fact]
    public void a_channel_that_expired_leaves_a_gap_until_it_is_renewed()
    {
        var sync = PlannedSync.InSync();
        var expiry = sync.State.Channel.ExpiresAt;
        sync.State.Channel.IsOpenAt(expiry).ShouldBeFalse();
        sync.TickAfter(expiry - sync.Now);
        var gap = sync.State.Gaps.Open.ShouldHaveSingleItem();
        (gap.From, gap.To).ShouldBe((expiry, null));

        sync.TickAfter(Second);
        sync.Subscribe(reopened: true);
        sync.State.Gaps.Open.ShouldHaveSingleItem().ShouldBe(gap with { To = sync.Now });
    }

    [Fact]
    public void a_channel_that_expired_and_was_renewed_unseen_leaves_a_gap_too()
    {
        var sync = PlannedSync.InSync();
        var expiry = sync.State.Channel.ExpiresAt;
        sync.Hear(new ChannelRenewed("2", expiry + Second, expiry + TimeSpan.FromDays(1), Reopened: false));
        var gap = sync.State.Gaps.Open.ShouldHaveSingleItem();
        (gap.From, gap.To).ShouldBe((expiry, expiry + Second));
    }

    [Fact]
    public void a_channel_that_had_to_be_opened_again_leaves_a_gap()
    {
        var sync = PlannedSync.InSync();
        var good = sync.State.Channel.GoodAt;
        sync.TickAfter(TimeSpan.FromMinutes(1));
        sync.Subscribe(reopened: true);
        var gap = sync.State.Gaps.Open.ShouldHaveSingleItem();
        (gap.From, gap.To).ShouldBe((good, sync.Now));
    }

    [Fact]
    public void an_expiry_that_the_renewal_only_just_forestalled_is_no_gap()
    {
        var sync = PlannedSync.InSync();
        var expiry = sync.State.Channel.ExpiresAt;
        sync.TickAfter(expiry - sync.Now);
        sync.Hear(new ChannelRenewed("1", expiry - Second, expiry + TimeSpan.FromDays(1), Reopened: false));
        sync.State.Gaps.Open.ShouldBeEmpty();

        sync = PlannedSync.InSync();
        sync.Hear(new ChannelRenewed("1", expiry, expiry + TimeSpan.FromDays(1), Reopened: false)).State.Gaps.Open.ShouldBeEmpty();
    }

    [Fact]
    public void an_older_renewal_or_the_same_changes_nothing()
    {
        var sync = PlannedSync.InSync();
        var same = sync.State.Channel;
        sync.Hear(new RenewChannelSent(same.RenewedAt, sync.Now));
        var before = sync.State;
        sync.Hear(new ChannelRenewed("0", sync.Now - Second, sync.Now, Reopened: true));
        sync.Hear(new ChannelRenewed(same.Id!, same.RenewedAt, same.ExpiresAt, Reopened: false));
        sync.State.ShouldBe(before);
    }
}
