using System.Threading.Channels;
using LeadSync.ServiceDefaults.Bus;
using MassTransit;
using MassTransit.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace LeadSync.UnitTests.ServiceDefaults.Bus;

/// <summary>A message that always fails neither delays nor fails other messages.</summary>
public sealed class RetryTests
{
    private readonly Outcomes outcomes = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task other_messages_are_consumed_while_more_fail_than_may_be_consumed_at_once()
    {
        await using var bus = await RunningBus.StartAsync(outcomes);

        foreach (var number in Enumerable.Range(1, 4))
        {
            await bus.Publish($"bad {number}");
            await bus.Until($"bad {number} failed");
        }

        await bus.Publish("good");
        await bus.Until("good");
    }

    [Fact]
    public async Task messages_in_a_batch_with_one_that_always_fails_are_consumed()
    {
        await using var bus = await RunningBus.StartAsync(outcomes);
        await outcomes.MayGoOn.WaitAsync(Stop);
        await bus.Publish("first");
        await bus.Until("first came in");

        await bus.Publish("good 1", "bad", "good 2");
        await bus.Until("good 1 came in", "bad came in", "good 2 came in");
        outcomes.MayGoOn.Release();

        await bus.Until("first", "good 1", "good 2");
    }

    [Fact]
    public async Task each_attempt_at_a_message_that_always_fails_is_progress()
    {
        await using var bus = await RunningBus.StartAsync(outcomes);
        await bus.Publish("bad");
        await bus.Until("bad failed");

        for (var times = 0; times < 3; times++)
        {
            outcomes.Time.Advance(TimeSpan.FromMinutes(10));
            await bus.Until("bad failed", "bad came in");
            await bus.Until("bad came in");
        }

        bus.Progress.Of(bus.Progress.Queues.Single()).Idle.ShouldBeLessThan(TimeSpan.FromMinutes(10));
    }

    public static TheoryData<Exception, bool> Failures => new()
    {
        { new Npgsql.PostgresException("cannot execute INSERT in a read-only transaction", "ERROR", "ERROR", "25006"), true },
        { new InvalidOperationException("of a library", new Npgsql.PostgresException("disk full", "ERROR", "ERROR", "53100")), true },
        { new Npgsql.PostgresException("the database system is shutting down", "FATAL", "FATAL", "57P03"), true },
        { new Npgsql.NpgsqlException("reading", new IOException()), true },
        { new Npgsql.PostgresException("permission denied", "ERROR", "ERROR", "42501"), false },
        { new InvalidOperationException(), false },
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public void a_failure_of_a_server_is_an_outage_and_one_of_the_message_is_not(Exception failure, bool isOutage) =>
        Retries.IsOutage(failure).ShouldBe(isOutage);

    [Fact]
    public void the_pauses_of_retries_without_an_end_grow_to_a_minute() =>
        Enumerable.Range(0, 12).Select(attempts => Retries.Pause(attempts).TotalSeconds)
            .ShouldBe([1, 2, 4, 8, 16, 32, 60, 60, 60, 60, 60, 60]);

    public sealed record Work(string Name);

    private sealed class RunningBus(ServiceProvider services, Outcomes outcomes) : IAsyncDisposable
    {
        public static async Task<RunningBus> StartAsync(Outcomes outcomes)
        {
            var services = new ServiceCollection()
                .AddSingleton(outcomes)
                .AddSingleton<Worker>()
                .AddSingleton(new Progress(outcomes.Time))
                .AddMassTransitTestHarness(TextWriter.Null, bus =>
                {
                    bus.AddConsumer<Worker>();
                    bus.AddConfigureEndpointsCallback((context, name, endpoint) =>
                    {
                        endpoint.RetryFailures([.. Enumerable.Repeat(TimeSpan.FromMilliseconds(20), 100_000)]);
                        endpoint.UseConsumeFilter(typeof(ProgressFilter<>), context);
                        context.GetRequiredService<Progress>().Of(name);
                    });
                })
                .BuildServiceProvider(validateScopes: true);
            await services.GetRequiredService<ITestHarness>().Start();
            return new RunningBus(services, outcomes);
        }

        public Progress Progress => services.GetRequiredService<Progress>();

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
            // Stops the bus before its services are disposed: a retry after that would always fail.
            await services.GetRequiredService<ITestHarness>().Stop(Stop);
            await services.DisposeAsync();
        }
    }

    private sealed class Outcomes
    {
        private readonly Channel<string> channel = Channel.CreateUnbounded<string>();

        public bool AllIsWell { get; set; }

        public FakeTimeProvider Time { get; } = new();

        public SemaphoreSlim MayGoOn { get; } = new(1);

        public ChannelReader<string> Reader => channel.Reader;

        public void Add(string outcome) => channel.Writer.TryWrite(outcome);
    }

    private sealed class Worker : IConsumer<Work>, IDisposable
    {
        private readonly Outcomes outcomes;
        private readonly Batcher<string> batcher;

        public Worker(Outcomes outcomes)
        {
            this.outcomes = outcomes;
            batcher = new(maxBatchSize: 3, maxConcurrentBatches: 1, minInterval: TimeSpan.Zero, TimeProvider.System, Do);
        }

        public Task Consume(ConsumeContext<Work> context)
        {
            var done = batcher.AddOrHandleAlone(context.Message.Name);
            outcomes.Add($"{context.Message.Name} came in");
            return done;
        }

        public void Dispose() => batcher.Dispose();

        private async Task Do(IReadOnlyList<string> names)
        {
            await outcomes.MayGoOn.WaitAsync(Stop);
            outcomes.MayGoOn.Release();
            if (!outcomes.AllIsWell && names.FirstOrDefault(name => name.StartsWith("bad", StringComparison.Ordinal)) is { } bad)
            {
                outcomes.Add($"{bad} failed");
                throw new InvalidOperationException(bad);
            }

            foreach (var name in names)
                outcomes.Add(name);
        }
    }
}
