using LeadSync.ServiceDefaults.Shutdown;

namespace LeadSync.Projector.Feed;

/// <summary>Creates and drops the feed's partitions in time. When a reader holds a lock, it tries again a few seconds later.</summary>
internal sealed partial class FeedCare(FeedDays days, FeedOptions options, TimeProvider clock, ILogger<FeedCare> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan PauseWhenHeld = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            var done = false;
            try
            {
                done = await days.Provide(stoppingToken) & await days.Drop(options.KeepDays, stoppingToken);
            }
            catch (Exception e) when (!e.IsRequestedEnd(stoppingToken))
            {
                NotDone(e.GetType().Name);
            }

            await Task.Delay(done ? Pause : PauseWhenHeld, clock, stoppingToken);
        }
    }

    [LoggerMessage(
        LogLevel.Warning, "The projector could not maintain the partitions of legacy.lead_changes, and tries again: {Failure}")]
    private partial void NotDone(string failure);
}
