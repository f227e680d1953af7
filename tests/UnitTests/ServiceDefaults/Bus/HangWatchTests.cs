using LeadSync.ServiceDefaults.Bus;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace LeadSync.UnitTests.ServiceDefaults.Bus;

/// <summary>A process that stops reading a queue although messages wait there reports that it is not alive, and ends.</summary>
public sealed class HangWatchTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly FakeTimeProvider time = new();
    private readonly Progress progress;
    private readonly HangWatch watch;
    private bool ended;

    public HangWatchTests()
    {
        progress = new Progress(time);
        watch = new HangWatch(
            new Broker(new Uri("amqp://localhost")), Patience, progress, () => ended = true, time, NullLogger<HangWatch>.Instance);
    }

    public void Dispose() => watch.Dispose();

    [Fact]
    public async Task waiting_messages_and_a_held_one_without_progress_are_a_hang()
    {
        progress.Of("leads-changed").Begin();
        await After(TimeSpan.Zero, ready: 5);

        await After(Patience, ready: 5);
        (await IsAlive()).ShouldBeTrue();

        await After(TimeSpan.FromSeconds(1), ready: 5);
        (await IsAlive()).ShouldBeFalse();
        ended.ShouldBeFalse("Kubernetes may end it first");

        await After(Patience, ready: 5);
        ended.ShouldBeTrue();
    }

    [Fact]
    public async Task waiting_messages_that_the_only_reader_does_not_take_are_a_hang()
    {
        await After(TimeSpan.Zero, ready: 5, readers: 1);
        await After(Patience * 2, ready: 5, readers: 1);

        (await IsAlive()).ShouldBeFalse();
    }

    [Fact]
    public async Task messages_that_another_replica_reads_are_no_hang_of_this_one()
    {
        await After(TimeSpan.Zero, ready: 5, readers: 2);
        await After(Patience * 2, ready: 5, readers: 2);

        (await IsAlive()).ShouldBeTrue();
    }

    [Fact]
    public async Task a_message_that_is_retried_does_not_hang()
    {
        progress.Of("leads-changed").Begin();
        for (var seconds = 0; seconds < 600; seconds += 15)
        {
            progress.Of("leads-changed").Made();
            await After(TimeSpan.FromSeconds(15), ready: 5);
            (await IsAlive()).ShouldBeTrue();
        }
    }

    [Fact]
    public async Task a_held_message_without_progress_is_a_hang_although_no_other_waits()
    {
        progress.Of("leads-changed").Begin();
        await After(Patience, ready: 0);
        (await IsAlive()).ShouldBeTrue();

        await After(TimeSpan.FromSeconds(1), ready: 0);
        (await IsAlive()).ShouldBeFalse();
    }

    [Fact]
    public async Task a_quiet_queue_is_no_hang()
    {
        await After(TimeSpan.FromHours(1), ready: 0);
        await After(TimeSpan.FromSeconds(1), ready: 5);

        (await IsAlive()).ShouldBeTrue();
    }

    [Fact]
    public async Task a_page_may_take_half_an_hour()
    {
        progress.Of("bulk-page-ready").Begin();
        await After(TimeSpan.Zero, ready: 1);
        await After(TimeSpan.FromMinutes(30), ready: 1);
        (await IsAlive()).ShouldBeTrue();

        await After(TimeSpan.FromMinutes(6), ready: 1);
        (await IsAlive()).ShouldBeFalse();
    }

    private async Task After(TimeSpan pause, uint ready, uint readers = 1)
    {
        time.Advance(pause);
        progress.Of(progress.Queues.FirstOrDefault() ?? "leads-changed");
        await watch.Look(progress.Queues, _ => Task.FromResult((ready, readers)));
        watch.EndIfStuck();
    }

    private async Task<bool> IsAlive() => (await watch.CheckHealthAsync(new HealthCheckContext())).Status == HealthStatus.Healthy;
}
