using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace LeadSync.ZohoSimulator.Tests;

/// <summary>An address to which the simulator posts deliveries.</summary>
internal sealed class NotifyListener : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly WebApplication app;

    private NotifyListener(WebApplication app) => this.app = app;

    public ConcurrentQueue<JsonElement> Bodies { get; } = new();

    public string Url => app.Urls.First();

    public IEnumerable<string> Ids => Bodies.SelectMany(body => body.GetProperty("ids").EnumerateArray()).Select(id => $"{id}");

    public static async Task<NotifyListener> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        var listener = new NotifyListener(app);
        app.MapPost("/{**path}", async (HttpRequest request) =>
            listener.Bodies.Enqueue((await JsonDocument.ParseAsync(request.Body)).RootElement));
        await app.StartAsync();
        return listener;
    }

    public async Task UntilAsync(Func<bool> condition)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            TimeProvider.System.GetElapsedTime(started).ShouldBeLessThan(Patience, $"only {Bodies.Count} deliveries came");
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        }
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
