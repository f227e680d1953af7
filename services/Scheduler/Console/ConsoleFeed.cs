using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using LeadSync.Scheduler.Status;
using LeadSync.ServiceDefaults.Shutdown;
using Microsoft.Extensions.Options;
using JsonOptions = Microsoft.AspNetCore.Http.Json.JsonOptions;

namespace LeadSync.Scheduler.Console;

/// <summary>
/// Pushes the status to every open page of the console when it changes. It is read a few times a second from the database that all replicas share, once for
/// all pages, and not at all while there are none.
/// </summary>
internal sealed partial class ConsoleFeed(
    StatusReader status, IOptions<JsonOptions> json, TimeProvider clock, IHostApplicationLifetime lifetime, ILogger<ConsoleFeed> log)
    : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);

    // A page that hears nothing for longer knows that the connection is dead.
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim wanted = new(0);
    private int pages;
    private Edition edition = new("", "");

    /// <summary>What one page hears: the report as it is, then each that differs; and something in between, so that it knows that we are here.</summary>
    public async IAsyncEnumerable<SseItem<string>> ListenAsync([EnumeratorCancellation] CancellationToken ct)
    {
        using var listening = CancellationTokenSource.CreateLinkedTokenSource(ct, lifetime.ApplicationStopping);
        Interlocked.Increment(ref pages);
        wanted.Release();
        try
        {
            var seen = edition;
            if (seen.Text.Length > 0)
                yield return new SseItem<string>(seen.Text, "report");
            while (true)
            {
                var isNews = await NextAsync(seen, listening.Token);
                if (isNews is null)
                    yield break;

                seen = edition;
                yield return isNews.Value ? new SseItem<string>(seen.Text, "report") : new SseItem<string>("", "alive");
            }
        }
        finally
        {
            Interlocked.Decrement(ref pages);
        }
    }

    public override void Dispose()
    {
        wanted.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            if (Volatile.Read(ref pages) == 0)
            {
                edition = new("", "");
                await wanted.WaitAsync(stoppingToken);
            }

            try
            {
                await ReadAsync(stoppingToken);
            }
            catch (Exception e) when (!e.IsEnd(stoppingToken))
            {
                // The pages hear nothing meanwhile, and say so.
                NotRead(e.Message);
            }

            await Task.Delay(Pause, clock, stoppingToken);
        }
    }

    /// <returns>Whether there is news; null when the listening is over.</returns>
    private async Task<bool?> NextAsync(Edition seen, CancellationToken ct)
    {
        try
        {
            await seen.Replaced.Task.WaitAsync(Heartbeat, clock, ct);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    private async Task ReadAsync(CancellationToken ct)
    {
        var report = await status.ReadAsync(ct);

        // The moment at which it was read is no news; that it makes another sentence is.
        var content = report.Sentence + JsonSerializer.Serialize(report with { At = default }, json.Value.SerializerOptions);
        if (content == edition.Content)
            return;

        var text = JsonSerializer.Serialize(report, json.Value.SerializerOptions);
        var last = edition;
        edition = new(content, text);
        last.Replaced.TrySetResult();
    }

    [LoggerMessage(LogLevel.Warning, "The console cannot be brought up to date: {Reason}")]
    private partial void NotRead(string reason);

    /// <param name="Content">The report without the moment at which it was read.</param>
    private sealed record Edition(string Content, string Text)
    {
        public TaskCompletionSource Replaced { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
