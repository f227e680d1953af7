using LeadSync.ServiceDefaults.Shutdown;
using LeadSync.ServiceDefaults.Webhooks;
using Medallion.Threading.Postgres;
using Npgsql;

namespace LeadSync.Projector.Feed;

/// <summary>
/// Sends the changes of the feed to the webhook's receiver: in order, at least once, from one replica at a time. The sender is a reader of
/// the feed like any other, so a slow receiver delays nothing else.
/// </summary>
internal sealed partial class ChangeWebhook(
    NpgsqlDataSource database, WebhookProgress progress, FeedOptions options, IHttpClientFactory clients, TimeProvider clock,
    ILogger<ChangeWebhook> log) : BackgroundService
{
    public const string Client = "changes";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly PostgresDistributedLock alone = new(new PostgresAdvisoryLockKey("leadsync.webhook", allowHashing: true), database);

    /// <summary>Sends batches until none is due, or the receiver does not accept one.</summary>
    /// <returns>The number of accepted batches.</returns>
    public async Task<int> Send(Uri url, CancellationToken ct)
    {
        for (var taken = 0; ; taken++)
        {
            if (await progress.Next(ct) is not { } batch)
                return taken;

            if (await progress.Body(batch, ct) is not { } body)
            {
                Expired(batch.After, batch.UpTo);
                await progress.Expired(batch, ct);
                continue;
            }

            if (await Post(url, batch, body, ct) is not { } failure)
            {
                await progress.Sent(batch, ct);
                continue;
            }

            var pause = WebhookPlan.PauseAfter(batch.Attempts + 1, failure.Status);
            await progress.NotSent(batch, failure.Trouble, pause, ct);
            if (pause is null)
                PutAside(url.Host, batch.After, batch.UpTo, failure.Trouble);
            return taken;
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (options.WebhookUrl is { } url)
        {
            try
            {
                await using var held = await alone.TryAcquireAsync(TimeSpan.Zero, stoppingToken);
                if (held is not null)
                    await Send(url, stoppingToken);
            }
            catch (Exception e) when (!e.IsRequestedEnd(stoppingToken))
            {
                NotSent(e.GetType().Name);
            }

            await Task.Delay(Pause, clock, stoppingToken);
        }
    }

    private async Task<(int? Status, string Trouble)?> Post(Uri url, WebhookBatch batch, string body, CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(Patience);
        try
        {
            using var request = SignedWebhook.Request(url, options.WebhookSecret, batch.Id, clock.GetUtcNow(), body);
            using var client = clients.CreateClient(Client);
            using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
            return answer.IsSuccessStatusCode ? null : ((int)answer.StatusCode, $"{url.Host} answers {(int)answer.StatusCode}");
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return (null, $"{url.Host} did not answer within {Patience.TotalSeconds:0} s");
        }
        catch (HttpRequestException e)
        {
            return (null, $"{url.Host} cannot be reached: {e.HttpRequestError}");
        }
    }

    [LoggerMessage(LogLevel.Error,
        "{Host} refuses the changes after {After} up to {UpTo}, which are put aside: {Trouble}. When it is repaired, "
            + "POST /feed/replay to the scheduler")]
    private partial void PutAside(string host, long after, long upTo, string trouble);

    [LoggerMessage(LogLevel.Error,
        "The webhook's receiver never accepted the changes after {After} up to {UpTo}, and legacy.lead_changes no longer keeps them")]
    private partial void Expired(long after, long upTo);

    [LoggerMessage(LogLevel.Warning, "The projector could not send changes to the webhook, and tries again in a moment: {Failure}")]
    private partial void NotSent(string failure);
}
