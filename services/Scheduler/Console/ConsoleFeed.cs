using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using LeadSync.Scheduler.Status;
using Microsoft.Extensions.Options;
using JsonOptions = Microsoft.AspNetCore.Http.Json.JsonOptions;

namespace LeadSync.Scheduler.Console;

/// <summary>
/// Pushes the status to an open page when it changes, once a second at most; that it cannot be read, and since when; and in between, that
/// we are here and
/// can see. What was not looked up is never said to be well.
/// </summary>
internal sealed class ConsoleFeed(StatusWatch watch, IOptions<JsonOptions> json, TimeProvider clock, IHostApplicationLifetime lifetime)
{
    private static readonly TimeSpan Apart = TimeSpan.FromSeconds(1);

    // A page that hears nothing for longer knows that the connection is dead.
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(5);

    // What was seen longer ago is no proof that all is well.
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(4);

    /// <summary>What one page hears.</summary>
    public async IAsyncEnumerable<SseItem<string>> ListenAsync([EnumeratorCancellation] CancellationToken ct)
    {
        using var listening = CancellationTokenSource.CreateLinkedTokenSource(ct, lifetime.ApplicationStopping);
        using var closely = watch.WatchClosely();
        var (told, toldAt) = ("", DateTimeOffset.MinValue);
        while (true)
        {
            var next = watch.Looked;
            var (kind, content, text) = Item(watch.Current);
            var now = clock.GetUtcNow();
            if ((content != told && now - toldAt >= Apart) || now - toldAt >= Heartbeat)
            {
                if (content == told && kind == "report" && now - watch.Current.LookedAt < Fresh)
                    yield return new SseItem<string>("", "alive");
                else if (content.Length > 0)
                    yield return new SseItem<string>(text, kind);
                (told, toldAt) = (content, now);
            }

            if (!await WaitAsync(next, listening.Token))
                yield break;
        }
    }

    // That it was read once more, that the leader took a step and that the services gave signs of life is no news; that it makes another
    // sentence is.
    private (string Kind, string Content, string Text) Item(Sight sight)
    {
        var options = json.Value.SerializerOptions;
        if (sight.TroubleReport is { } trouble)
            return ("trouble", $"{trouble.Since:O} {trouble.Why}", JsonSerializer.Serialize(trouble, options));

        return sight.Report is { } report
            ? ("report", JsonSerializer.Serialize(report with { At = default, LastTickAt = null,
                Services = [.. report.Services.Select(Quiet)] }, options) + report.Sentence, JsonSerializer.Serialize(report, options))
            : ("", "", "");
    }

    private static RunningService Quiet(RunningService service) => service.Replicas > 0 ? service with { SeenAt = null } : service;

    /// <returns>False when the listening is over.</returns>
    private async Task<bool> WaitAsync(TaskCompletionSource next, CancellationToken ct)
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
