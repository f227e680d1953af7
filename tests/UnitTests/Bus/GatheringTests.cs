using LeadSync.Gateway.Notifications;
using LeadSync.Projector;
using LeadSync.Projector.Leads;
using LeadSync.ServiceDefaults.Bus;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace LeadSync.UnitTests.Bus;

public sealed class GatheringTests
{
    private readonly List<int[]> acts = [];
    private readonly Queue<TaskCompletionSource> open = [];
    private Exception? failure;

    [Fact]
    public async Task what_comes_in_while_all_hands_are_busy_is_acted_on_together()
    {
        using var gathering = Gathering(most: 10, hands: 1);

        var first = gathering.Add(1);
        await Begun(1);
        var others = Task.WhenAll(gathering.Add(2), gathering.Add(3), gathering.Add(4));
        open.Dequeue().SetResult();
        await first;
        await Begun(2);
        others.IsCompleted.ShouldBeFalse();
        open.Dequeue().SetResult();
        await others;

        acts.ShouldBe([[1], [2, 3, 4]]);
    }

    [Fact]
    public async Task no_more_are_taken_at_once_than_allowed_and_none_is_left()
    {
        using var gathering = Gathering(most: 2, hands: 2);
        var added = Enumerable.Range(1, 7).Select(gathering.Add).ToArray();

        for (var act = 1; act <= 4; act++)
        {
            await Begun(act);
            open.Dequeue().SetResult();
        }

        await Task.WhenAll(added);
        acts.ShouldAllBe(act => act.Length <= 2);
        acts.SelectMany(act => act).Order().ShouldBe([1, 2, 3, 4, 5, 6, 7]);
    }

    [Fact]
    public async Task what_failed_together_is_acted_on_alone()
    {
        failure = new InvalidOperationException("2 always fails");
        using var gathering = Gathering(most: 10, hands: 1);
        var busy = gathering.Add(0);
        await Begun(1);
        var added = new[] { gathering.AddOrAlone(1), gathering.AddOrAlone(2), gathering.AddOrAlone(3) };

        for (var act = 1; act <= 5; act++)
        {
            await Begun(act);
            open.Dequeue().SetResult();
        }

        await Task.WhenAll(busy, added[0], added[2]);
        (await Should.ThrowAsync<InvalidOperationException>(added[1])).ShouldBe(failure);
        acts[1].ShouldBe([1, 2, 3]);
        acts.Skip(2).ShouldBe([[1], [2], [3]], ignoreOrder: true);
    }

    [Fact]
    public async Task in_an_outage_nothing_is_acted_on_alone()
    {
        failure = new NpgsqlException("the database is down", new IOException());
        using var gathering = Gathering(most: 10, hands: 1);
        var busy = gathering.Add(0);
        await Begun(1);
        var added = new[] { gathering.AddOrAlone(2), gathering.AddOrAlone(3) };
        open.Dequeue().SetResult();
        await busy;
        await Begun(2);
        open.Dequeue().SetResult();

        foreach (var one in added)
            await Should.ThrowAsync<NpgsqlException>(one);

        acts.ShouldBe([[0], [2, 3]]);
    }

    [Fact]
    public void consumers_that_gather_are_one_for_all_messages()
    {
        var gateway = WebApplication.CreateSlimBuilder();
        gateway.Services.AddMassTransit(bus => bus.AddConsumer<LeadsAnnouncedConsumer, LeadsAnnouncedConsumerDefinition>());
        gateway.AddNotifications();
        var projector = new ServiceCollection().AddProjection();
        projector.AddMassTransit(bus => bus.AddConsumer<LeadChangedConsumer, LeadChangedConsumerDefinition>());

        gateway.Services.Last(service => service.ServiceType == typeof(LeadsAnnouncedConsumer)).Lifetime.ShouldBe(ServiceLifetime.Singleton);
        projector.Last(service => service.ServiceType == typeof(LeadChangedConsumer)).Lifetime.ShouldBe(ServiceLifetime.Singleton);
    }

    private Gathering<int> Gathering(int most, int hands) => new(most, hands, Act);

    private async Task Act(IReadOnlyList<int> items)
    {
        var act = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (acts)
        {
            open.Enqueue(act);
            acts.Add([.. items]);
        }

        await act.Task;
        if (failure is not null && items.Contains(2))
            throw failure;
    }

    private async Task Begun(int count)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromMinutes(1));
        while (true)
        {
            lock (acts)
            {
                if (acts.Count >= count)
                    return;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, patience.Token);
        }
    }
}
