using System.Collections.Concurrent;
using LeadSync.Contracts;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LeadSync.Benchmarks.Stack;

/// <summary>What surrounds gateway and projector in a benchmark: a Zoho that answers at once, and a scheduler that only listens.</summary>
internal sealed class Surroundings : IAsyncDisposable
{
    private readonly WebApplication app;

    private Surroundings(WebApplication app) => this.app = app;

    public Uri Address => new(app.Urls.Single());

    public IBus Bus => app.Services.GetRequiredService<IBus>();

    public InstantZoho Zoho => app.Services.GetRequiredService<InstantZoho>();

    public Announcements Announcements => app.Services.GetRequiredService<Announcements>();

    public static async Task<Surroundings> StartAsync(Uri rabbitMq, CancellationToken cancellationToken)
    {
        // Another directory than the working directory: .NET would watch every file there, including the databases.
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<InstantZoho>().AddSingleton<Announcements>();
        builder.Services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            bus.AddConsumer<AnnouncementConsumer>();
            bus.UsingRabbitMq((context, rabbit) =>
            {
                rabbit.Host(rabbitMq);
                rabbit.ConfigureEndpoints(context);
            });
        });

        var app = builder.Build();
        app.Services.GetRequiredService<InstantZoho>().Map(app);
        await app.StartAsync(cancellationToken);
        return new Surroundings(app);
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}

/// <summary>Receives the scheduler's messages.</summary>
internal sealed class Announcements
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource<object>> awaited = new();

    public Task<object> Of(string key) => awaited.GetOrAdd(key, _ => new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    public void Came(string key, object message) =>
        awaited.GetOrAdd(key, _ => new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult(message);
}

internal sealed class AnnouncementConsumer(Announcements announcements)
    : IConsumer<BulkPageProjected>, IConsumer<BulkPageRejected>, IConsumer<ChannelRenewed>, IConsumer<ChannelRenewalFailed>,
    IConsumer<GapDetected>,
        IConsumer<ViewRebuildProgressed>, IConsumer<ViewRebuilt>, IConsumer<ViewRebuildFailed>
{
    public const string Channel = "channel";

    public Task Consume(ConsumeContext<BulkPageProjected> context) => Came($"{context.Message.RunId}", context.Message);

    public Task Consume(ConsumeContext<BulkPageRejected> context) => Came($"{context.Message.RunId}", context.Message);

    public Task Consume(ConsumeContext<ChannelRenewed> context) => Came(Channel, context.Message);

    public Task Consume(ConsumeContext<ChannelRenewalFailed> context) => Came(Channel, context.Message);

    public Task Consume(ConsumeContext<GapDetected> context) => Task.CompletedTask;

    public Task Consume(ConsumeContext<ViewRebuildProgressed> context) => Task.CompletedTask;

    public Task Consume(ConsumeContext<ViewRebuilt> context) => Came($"{context.Message.RebuildId}", context.Message);

    public Task Consume(ConsumeContext<ViewRebuildFailed> context) => Came($"{context.Message.RebuildId}", context.Message);

    private Task Came(string key, object message)
    {
        announcements.Came(key, message);
        return Task.CompletedTask;
    }
}
