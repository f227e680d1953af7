using System.Net;
using LeadSync.Contracts;
using LeadSync.ServiceDefaults.Bus;
using LeadSync.ServiceDefaults.Parking;
using LeadSync.TestSupport.Network;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace LeadSync.IntegrationTests.Bus;

/// <summary>The services' bus on a real broker: a process notices that it hangs, and a message without a reader is not lost.</summary>
public sealed class HangTests(OwnServers own) : IClassFixture<OwnServers>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task a_consumer_that_hangs_while_messages_wait_is_not_alive()
    {
        await using var bus = await RunningBus.StartAsync(
            own, own.RabbitMq, new Handler(_ => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, Stop)));
        (await bus.IsAliveAsync()).ShouldBeTrue();

        for (var number = 0; number < 40; number++)
            await bus.PublishAsync(number);

        await UntilAsync("the process is no longer alive", async () => !await bus.IsAliveAsync());
    }

    /// <summary>
    /// The program of decision 43: it consumes hundreds of messages, some of which publish, and cuts the connection when all of them end.
    /// RabbitMQ.Client may hang then. In both cases all messages are consumed without a person: a process that reports that it is not
    /// alive is started again.
    /// </summary>
    [Fact]
    public async Task a_connection_that_is_cut_while_hundreds_are_acknowledged_heals_by_itself()
    {
        await using var proxy = new TcpProxy(own.RabbitMq.Port);
        var address = new UriBuilder(own.RabbitMq) { Host = IPAddress.Loopback.ToString(), Port = proxy.Port }.Uri;
        for (var round = 0; round < 3; round++)
        {
            var handler = new Handler(_ => Task.CompletedTask)
            {
                Gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
            };
            var bus = await RunningBus.StartAsync(own, address, handler);
            try
            {
                for (var number = 0; number < 250; number++)
                    await bus.PublishAsync(number);
                await UntilAsync("all are at hand", () => Task.FromResult(handler.Begun >= 16));
                handler.Gate.SetResult();
                await proxy.CutAsync();

                await UntilAsync("all are consumed", async () =>
                {
                    if (await bus.IsAliveAsync())
                        return handler.Ended.Count == 250;

                    // Starts it again, like Kubernetes or systemd.
                    await bus.DisposeAsync();
                    bus = await RunningBus.StartAsync(own, address, handler);
                    return false;
                });
            }
            finally
            {
                await bus.DisposeAsync();
            }
        }
    }

    /// <summary>
    /// By default, RabbitMQ confirms a message without a bound queue, and drops it. It returns the message because the bus makes it
    /// mandatory, which depends on how MassTransit creates its contexts.
    /// </summary>
    [Fact]
    public async Task publishing_a_message_without_a_queue_fails()
    {
        await using var bus = await RunningBus.StartAsync(own, own.RabbitMq, new Handler(_ => Task.CompletedTask));

        await Should.ThrowAsync<MessageReturnedException>(() => bus.Publish(new CheckChannel(), Stop));
    }

    private static async Task UntilAsync(string what, Func<Task<bool>> condition)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(started) > TimeSpan.FromMinutes(2))
                throw new TimeoutException($"waited two minutes until {what}");
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, Stop);
        }
    }

    private sealed class Handler(Func<int, Task> handle)
    {
        private int begun;

        public TaskCompletionSource? Gate { get; init; }

        public int Begun => Volatile.Read(ref begun);

        public System.Collections.Concurrent.ConcurrentDictionary<int, bool> Ended { get; } = new();

        public async Task HandleAsync(int number)
        {
            Interlocked.Increment(ref begun);
            if (Gate is { } gate)
                await gate.Task;
            await handle(number);
            Ended[number] = true;
        }
    }

    private sealed class LeadsConsumer(Handler handler, Publish publish) : IConsumer<BulkJobCalledBack>
    {
        public async Task Consume(ConsumeContext<BulkJobCalledBack> context)
        {
            var number = int.Parse(context.Message.JobId, System.Globalization.CultureInfo.InvariantCulture);
            await handler.HandleAsync(number);
            if (number % 12 == 0)
                await publish(new BulkPageRejected(Guid.Empty, number, "", ""), context.CancellationToken);
        }
    }

    private sealed class EndConsumer : IConsumer<BulkPageRejected>
    {
        public Task Consume(ConsumeContext<BulkPageRejected> context) => Task.CompletedTask;
    }

    private sealed class RunningBus(WebApplication app) : IAsyncDisposable
    {
        private readonly HealthCheckService health = app.Services.GetRequiredService<HealthCheckService>();

        public static async Task<RunningBus> StartAsync(OwnServers own, Uri rabbitMq, Handler handler)
        {
            // MassTransit keeps the loggers of the first bus for the whole process, and this bus has ended.
            LogContext.ConfigureCurrentLogContext(NullLoggerFactory.Instance);
            var builder = WebApplication.CreateSlimBuilder();
            builder.WebHost.UseSetting("urls", "http://127.0.0.1:0");
            builder.Logging.ClearProviders();
            builder.Configuration.AddInMemoryCollection(
            [
                new("ConnectionStrings:RabbitMq", rabbitMq.AbsoluteUri), new("Bus:Patience", "00:00:06"),
            ]);
            builder.Services.AddSingleton(TimeProvider.System);
            builder.Services.AddSingleton(handler);
            builder.Services.AddSingleton(NpgsqlDataSource.Create(own.Postgres));
            builder.Services.AddParking("test");
            builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(3));
            builder.AddBus(bus =>
            {
                bus.AddConsumer<LeadsConsumer>();
                bus.AddConsumer<EndConsumer>();
            });
            // The test's process must not end.
            builder.Services.AddSingleton(provider => new HangWatch(
                provider.GetRequiredService<Broker>(), TimeSpan.FromSeconds(6), provider.GetRequiredService<Progress>(), () => { },
                TimeProvider.System, provider.GetRequiredService<ILogger<HangWatch>>()));
            var app = builder.Build();
            await app.StartAsync(Stop);
            await app.Services.GetRequiredService<IBusControl>().WaitForHealthStatus(BusHealthStatus.Healthy, TimeSpan.FromMinutes(1));
            return new RunningBus(app);
        }

        public Task PublishAsync(int number) => Publish(new BulkJobCalledBack($"{number}"), Stop);

        public Task Publish(object message, CancellationToken ct) => app.Services.GetRequiredService<Publish>()(message, ct);

        public async Task<bool> IsAliveAsync() =>
            (await health.CheckHealthAsync(check => check.Tags.Contains("live"), Stop)).Status == HealthStatus.Healthy;

        public async ValueTask DisposeAsync()
        {
            try
            {
                await app.StopAsync(new CancellationTokenSource(TimeSpan.FromSeconds(5)).Token);
                await app.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10));
            }
            catch (Exception e) when (e is OperationCanceledException or TimeoutException)
            {
                // The bus hangs, and the end of a process would not wait for it.
            }
        }
    }
}
