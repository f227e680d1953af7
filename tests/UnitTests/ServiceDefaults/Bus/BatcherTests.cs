using System.Threading.Channels;
using LeadSync.Gateway.Notifications;
using LeadSync.Projector;
using LeadSync.Projector.Leads;
using LeadSync.ServiceDefaults.Bus;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace LeadSync.UnitTests.ServiceDefaults.Bus;

public sealed class BatcherTests
{
    private readonly Channel<(int[] Items, TaskCompletionSource Done)> begun = Channel.CreateUnbounded<(
        int[] Items, TaskCompletionSource Done)>();
    private readonly List<int[]> acts = [];
    private Exception? failure;

    [Fact]
    public async Task items_that_arrive_while_all_batches_run_are_one_batch()
    {
        using var batcher = Batcher(maxBatchSize: 10, maxConcurrentBatches: 1);

        var first = batcher.Add(1);
        var hand = await Begun();
        var others = Task.WhenAll(batcher.Add(2), batcher.Add(3), batcher.Add(4));
        hand.SetResult();
        await first;
        hand = await Begun();
        others.IsCompleted.ShouldBeFalse();
        hand.SetResult();
        await others;

        acts.ShouldBe([[1], [2, 3, 4]]);
    }

    [Fact]
    public async Task items_that_arrive_within_the_minimum_interval_wait_for_it_together()
    {
        var apart = TimeSpan.FromMilliseconds(15);
        var time = new FakeTimeProvider();
        var times = new List<long>();
        using var batcher = new Batcher<int>(maxBatchSize: 10, maxConcurrentBatches: 1, apart, time, items =>
        {
            acts.Add([.. items]);
            times.Add(time.GetTimestamp());
            return Task.CompletedTask;
        });

        await batcher.Add(1);
        var others = Task.WhenAll(batcher.Add(2), batcher.Add(3));
        var deadline = Task.Delay(TimeSpan.FromMinutes(1), TimeProvider.System, TestContext.Current.CancellationToken);
        while (!others.IsCompleted && !deadline.IsCompleted)
        {
            await Task.Yield();
            time.Advance(TimeSpan.FromMilliseconds(1));
        }

        acts.ShouldBe([[1], [2, 3]]);
        time.GetElapsedTime(times[0], times[1]).ShouldBeGreaterThanOrEqualTo(apart);
    }

    [Fact]
    public async Task no_batch_is_larger_than_allowed_and_no_item_is_left()
    {
        using var batcher = Batcher(maxBatchSize: 2, maxConcurrentBatches: 2);
        var added = Enumerable.Range(1, 7).Select(batcher.Add).ToArray();

        for (var act = 1; act <= 4; act++)
            (await Begun()).SetResult();

        await Task.WhenAll(added);
        acts.ShouldAllBe(act => act.Length <= 2);
        acts.SelectMany(act => act).Order().ShouldBe([1, 2, 3, 4, 5, 6, 7]);
    }

    [Fact]
    public async Task the_items_of_a_failed_batch_are_handled_alone()
    {
        failure = new InvalidOperationException("2 always fails");
        using var batcher = Batcher(maxBatchSize: 10, maxConcurrentBatches: 1);
        var busy = batcher.Add(0);
        var hand = await Begun();
        var added = new[] { batcher.AddOrHandleAlone(1), batcher.AddOrHandleAlone(2), batcher.AddOrHandleAlone(3) };

        hand.SetResult();
        for (var act = 2; act <= 5; act++)
            (await Begun()).SetResult();

        await Task.WhenAll(busy, added[0], added[2]);
        (await Should.ThrowAsync<InvalidOperationException>(added[1])).ShouldBe(failure);
        acts[1].ShouldBe([1, 2, 3]);
        acts.Skip(2).ShouldBe([[1], [2], [3]], ignoreOrder: true);
    }

    [Fact]
    public async Task in_an_outage_no_item_is_handled_alone()
    {
        failure = new NpgsqlException("the database is down", new IOException());
        using var batcher = Batcher(maxBatchSize: 10, maxConcurrentBatches: 1);
        var busy = batcher.Add(0);
        var hand = await Begun();
        var added = new[] { batcher.AddOrHandleAlone(2), batcher.AddOrHandleAlone(3) };
        hand.SetResult();
        await busy;
        (await Begun()).SetResult();

        foreach (var one in added)
            await Should.ThrowAsync<NpgsqlException>(one);

        acts.ShouldBe([[0], [2, 3]]);
    }

    [Fact]
    public void a_consumer_that_gathers_is_one_object_for_all_messages()
    {
        var gateway = WebApplication.CreateSlimBuilder();
        gateway.AddNotifications();
        var projector = new ServiceCollection().AddProjection();

        gateway.Services.Last(service => service.ServiceType == typeof(AnnouncedLeads)).Lifetime.ShouldBe(ServiceLifetime.Singleton);
        projector.Last(service => service.ServiceType == typeof(LiveChanges)).Lifetime.ShouldBe(ServiceLifetime.Singleton);
    }

    private Batcher<int> Batcher(int maxBatchSize, int maxConcurrentBatches) =>
        new(maxBatchSize, maxConcurrentBatches, minInterval: TimeSpan.Zero, TimeProvider.System, Act);

    private async Task Act(IReadOnlyList<int> items)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        begun.Writer.TryWrite(([.. items], done));
        await done.Task;
        if (failure is not null && items.Contains(2))
            throw failure;
    }

    /// <summary>The next batch; it continues when the test allows it.</summary>
    private async Task<TaskCompletionSource> Begun()
    {
        var (items, done) = await begun.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromMinutes(1));
        acts.Add(items);
        return done;
    }
}
