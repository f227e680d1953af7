using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using LeadSync.Scheduler.Status;
using Microsoft.Extensions.Options;
using JsonOptions = Microsoft.AspNetCore.Http.Json.JsonOptions;

namespace LeadSync.Scheduler.Console;

/// <summary>
/// Sends an open page the status when it changes, at most once a second. When the status cannot be read, sends this, and since when. In
/// between, sends a sign of life. A status that was not read is never shown as good.
/// </summary>
internal sealed class ConsoleFeed(StatusWatch watch, IOptions<JsonOptions> json, TimeProvider clock, IHostApplicationLifetime lifetime)
{
    private static readonly TimeSpan MinimumInterval = TimeSpan.FromSeconds(1);

    // A page that receives nothing for longer knows that the connection is dead.
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(5);

    // An older status does not prove that all is well.
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(4);

    /// <summary>The items for one page.</summary>
    public async IAsyncEnumerable<SseItem<string>> Follow([EnumeratorCancellation] CancellationToken ct)
    {
        using var listening = CancellationTokenSource.CreateLinkedTokenSource(ct, lifetime.ApplicationStopping);
        using var closely = watch.WatchClosely();
        var (told, toldAt) = ("", DateTimeOffset.MinValue);
        while (true)
        {
            var next = watch.NextReading;
            var (kind, content, text) = Item(watch.Current);
            var now = clock.GetUtcNow();
            if ((content != told && now - toldAt >= MinimumInterval) || now - toldAt >= Heartbeat)
            {
                if (content == told && kind == "report" && now - watch.Current.ReadAt < Fresh)
                    yield return new SseItem<string>("", "alive");
                else if (content.Length > 0)
                    yield return new SseItem<string>(text, kind);
                (told, toldAt) = (content, now);
            }

            if (!await Wait(next, listening.Token))
                yield break;
        }
    }

    // A new time of reading, another step of the leader, or more heartbeats are not news. Another sentence is.
    private (string Kind, string Content, string Text) Item(StatusReading reading)
    {
        var options = json.Value.SerializerOptions;
        if (reading.TroubleReport is { } trouble)
            return ("trouble", $"{trouble.Since:O} {trouble.Why} {reading.AlertTrouble}", JsonSerializer.Serialize(trouble, options));

        return reading.Report is { } report
            ? ("report", JsonSerializer.Serialize(report with { At = default, LastTickAt = null,
                Services = [.. report.Services.Select(Quiet)] }, options) + report.Sentence, JsonSerializer.Serialize(report, options))
            : ("", "", "");
    }

    private static RunningService Quiet(RunningService service) => service.Replicas > 0 ? service with { SeenAt = null } : service;

    /// <returns>False when the page has gone.</returns>
    private async Task<bool> Wait(TaskCompletionSource next, CancellationToken ct)
    {
        try
        {
            await next.Task.WaitAsync(Heartbeat, clock, ct);
            return true;
        }
        catch (TimeoutException)
        {
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
