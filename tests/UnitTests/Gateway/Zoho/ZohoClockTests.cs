using LeadSync.Gateway.Zoho;
using Microsoft.Extensions.Time.Testing;

namespace LeadSync.UnitTests.Gateway.Zoho;

public sealed class ZohoClockTests
{
    private static readonly DateTimeOffset Now = FakeZoho.Start;

    private readonly ZohoClock clock = new(new FakeTimeProvider(Now));

    [Theory]
    [InlineData(0)]
    [InlineData(-2)]
    [InlineData(2)]
    public void a_small_difference_is_none(int seconds)
    {
        Observe(seconds);

        clock.Now.ShouldBe(Now);
    }

    [Theory]
    [InlineData(600)]
    [InlineData(-600)]
    public void a_large_difference_moves_it(int seconds)
    {
        Observe(seconds);

        (clock.Now - Now).ShouldBe(TimeSpan.FromSeconds(seconds), tolerance: TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void it_holds_still_until_the_difference_is_another()
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
        ZohoClock.Measure(Now, Now.AddSeconds(20), Now.AddSeconds(10)).ShouldBe(TimeSpan.FromSeconds(0.5));

    [Fact]
    public async Task zoho_is_asked_once_before_its_clock_is_relied_on()
    {
        var zoho = new FakeZoho();
        zoho.OnCall = _ => Observe(600);

        (await clock.Ask(zoho, TestContext.Current.CancellationToken)).ShouldBe(Now.AddSeconds(600), tolerance: TimeSpan.FromSeconds(1));
        await clock.Ask(zoho, TestContext.Current.CancellationToken);
        zoho.Calls.ShouldBe(["fields"]);
    }

    private void Observe(int secondsAhead) => clock.Observe(Now, Now, Now.AddSeconds(secondsAhead));
}
