using LeadSync.Gateway.Zoho.Calls;
using Microsoft.Extensions.Time.Testing;

namespace LeadSync.UnitTests.Gateway.Zoho.Calls;

public sealed class ZohoClockTests
{
    private static readonly DateTimeOffset Now = FakeZoho.Start;

    private readonly FakeTimeProvider time = new(Now);
    private readonly ZohoClock clock;

    public ZohoClockTests() => clock = new ZohoClock(time);

    [Theory]
    [InlineData(0)]
    [InlineData(-2)]
    [InlineData(2)]
    public void a_small_difference_is_ignored(int seconds)
    {
        Observe(seconds);

        clock.Now.ShouldBe(Now);
    }

    [Theory]
    [InlineData(600)]
    [InlineData(-600)]
    public void a_large_difference_moves_the_clock(int seconds)
    {
        Observe(seconds);

        (clock.Now - Now).ShouldBe(TimeSpan.FromSeconds(seconds), tolerance: TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void the_clock_keeps_its_offset_until_the_difference_changes()
    {
        Observe(600);
        var held = clock.Now;

        Observe(602);
        clock.Now.ShouldBe(held);

        Observe(0);
        (clock.Now - Now).Duration().ShouldBeLessThan(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void a_slow_answer_is_measured_from_its_middle() =>
        ZohoClock.Measure(Now, TimeSpan.FromSeconds(20), Now.AddSeconds(10)).ShouldBe(TimeSpan.FromSeconds(0.5));

    [Fact]
    public async Task zoho_is_asked_once_before_its_clock_is_relied_on()
    {
        var zoho = new FakeZoho();
        zoho.OnCall = _ => Observe(600);

        (await clock.Ask(zoho, TestContext.Current.CancellationToken)).ShouldBe(Now.AddSeconds(600), tolerance: TimeSpan.FromSeconds(1));
        await clock.Ask(zoho, TestContext.Current.CancellationToken);
        zoho.Calls.ShouldBe(["channels"]);
    }

    [Fact]
    public async Task where_zoho_shows_no_clock_this_machines_has_to_do()
    {
        var zoho = new FakeZoho();
        zoho.OnCall = _ => clock.Observe(Now, TimeSpan.Zero, date: null);

        (await clock.Ask(zoho, TestContext.Current.CancellationToken)).ShouldBe(Now);
        await clock.Ask(zoho, TestContext.Current.CancellationToken);
        zoho.Calls.ShouldBe(["channels"]);
    }

    [Fact]
    public async Task a_server_between_that_shows_no_clock_is_asked_once_a_minute()
    {
        var zoho = new FakeZoho();
        for (var second = 0; second <= 60; second++)
        {
            await clock.Ask(zoho, TestContext.Current.CancellationToken);
            time.Advance(TimeSpan.FromSeconds(1));
        }

        zoho.Calls.ShouldBe(["channels", "channels"]);
    }

    [Fact]
    public void a_slow_answer_does_not_move_the_clock_although_zoho_wrote_its_time_at_the_end()
    {
        Observe(0);

        Observe(7, TimeSpan.FromSeconds(7));
        clock.Now.ShouldBe(Now);

        Observe(0);
        clock.Now.ShouldBe(Now);
    }

    [Fact]
    public void a_slow_answer_that_came_first_is_corrected_by_a_quick_one()
    {
        Observe(20, TimeSpan.FromSeconds(20));
        Observe(0);

        (clock.Now - Now).Duration().ShouldBeLessThan(TimeSpan.FromSeconds(1));
    }

    private void Observe(int secondsAhead, TimeSpan took) => clock.Observe(Now, took, Now.AddSeconds(secondsAhead));

    private void Observe(int secondsAhead) => Observe(secondsAhead, TimeSpan.Zero);
}
