using System.Threading.Channels;
using LeadSync.ServiceDefaults.Bus;
using MassTransit;
using MassTransit.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace LeadSync.UnitTests.Bus;

/// <summary>A message that fails again and again keeps no other one waiting, and takes none with it.</summary>
public sealed class RetryTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task others_are_consumed_while_more_batches_fail_than_may_be_consumed_at_once()
    {
        await using var bus = await RunningBus.StartAsync();

        foreach (var number in Enumerable.Range(1, 4))
        {
            await bus.Publish($"bad {number}");
            await bus.Until($"bad {number} failed");
        }

        await bus.Publish("good");
        await bus.Until("good");
    }

    [Fact]
    public async Task those_that_came_in_the_same_batch_as_one_that_always_fails_are_consumed()
    {
        await using var bus = await RunningBus.StartAsync();

        await bus.Publish("good 1", "bad", "good 2");

        await bus.Until("good 1", "good 2");
    }

    public sealed record Work(string Name);

    private sealed class RunningBus(ServiceProvider services, Outcomes outcomes) : IAsyncDisposable
    {
        public static async Task<RunningBus> StartAsync()
        {
            var outcomes = new Outcomes();
            var services = new ServiceCollection()
                .AddSingleton(outcomes)
                .AddMassTransitTestHarness(TextWriter.Null, bus =>
                {
                    bus.AddConsumer<Worker, WorkerDefinition>();
                    bus.AddConfigureEndpointsCallback((_, endpoint) =>
                        endpoint.RetryFailures([.. Enumerable.Repeat(TimeSpan.FromMilliseconds(20), 100_000)]));
                })
                .BuildServiceProvider(validateScopes: true);
            await services.GetRequiredService<ITestHarness>().Start();
            return new RunningBus(services, outcomes);
        }

        public Task Publish(params string[] names) =>
            services.GetRequiredService<IBus>().PublishBatch(names.Select(name => new Work(name)), Stop);

        public async Task Until(params string[] names)
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(Stop);
            patience.CancelAfter(TimeSpan.FromMinutes(1));
            var awaited = names.ToHashSet();
            while (awaited.Count > 0)
                awaited.Remove(await outcomes.Reader.ReadAsync(patience.Token));
        }

        public async ValueTask DisposeAsync()
        {
            outcomes.AllIsWell = true;
            // Before its services are gone: whatever is tried once more then would fail again and again.
            await services.GetRequiredService<ITestHarness>().Stop(Stop);
            await services.DisposeAsync();
        }
    }

    private sealed class Outcomes
    {
        private readonly Channel<string> channel = Channel.CreateUnbounded<string>();

        public bool AllIsWell { get; set; }

        public ChannelReader<string> Reader => channel.Reader;

        public void Add(string outcome) => channel.Writer.TryWrite(outcome);
    }

    private sealed class Worker(Outcomes outcomes) : IConsumer<Batch<Work>>
    {
        public Task Consume(ConsumeContext<Batch<Work>> context)
        {
            var names = context.Message.Select(work => work.Message.Name).ToArray();
            if (!outcomes.AllIsWell && Array.Find(names, name => name.StartsWith("bad", StringComparison.Ordinal)) is { } bad)
            {
                outcomes.Add($"{bad} failed");
                throw new InvalidOperationException(bad);
            }

            foreach (var name in names)
                outcomes.Add(name);
            return Task.CompletedTask;
        }
    }

    private sealed class WorkerDefinition : ConsumerDefinition<Worker>
    {
        protected override void ConfigureConsumer(
            IReceiveEndpointConfigurator endpoint, IConsumerConfigurator<Worker> consumer, IRegistrationContext context) =>
            consumer.Options<BatchOptions>(batch => batch.SetMessageLimit(3).SetTimeLimit(ms: 50).SetConcurrencyLimit(2));
    }
}
