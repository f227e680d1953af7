using System.Net.Sockets;
using LeadSync.Scheduler.Alerts;
using LeadSync.Scheduler.Parking;
using LeadSync.Scheduler.Planning;
using LeadSync.Scheduler.Recording;
using LeadSync.ServiceDefaults.Shutdown;
using Npgsql;

namespace LeadSync.Scheduler.Status;

/// <summary>
/// Reads the status of the sync once a second, and more often while somebody watches. The leader also writes the status into the database.
/// When the leader hangs or is gone, the other replicas write it. The scheduler's plan never waits for this class.
/// </summary>
internal sealed partial class StatusWatch(
    StatusReader reader, StatusGauges status, LeaderRow leader, SyncStatusRow row, Freshness freshness, Parked parked, SyncLog log,
        AlertMemory alerts, TimeProvider clock, ILogger<StatusWatch> logger)
    : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ShortPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan BetweenCleanings = TimeSpan.FromSeconds(10);

    private volatile TaskCompletionSource nextReading = New();
    private volatile StatusReading current = StatusReading.None;
    private readonly SemaphoreSlim wanted = new(0, 1);
    private int watchers;
    private DateTimeOffset cleanedAt;

    // Whether the last attempt to store the status showed that the database can be written.
    private bool isWritable;

    public StatusReading Current => current;

    /// <summary>The source of a task that ends when the status has been read the next time.</summary>
    public TaskCompletionSource NextReading => nextReading;

    /// <summary>Reads the status more often until the caller disposes of the result.</summary>
    public IDisposable WatchClosely()
    {
        Interlocked.Increment(ref watchers);
        try
        {
            wanted.Release();
        }
        catch (SemaphoreFullException)
        {
            // Another caller has woken the loop already.
        }

        return new Watching(this);
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
            await ReadStatus(stoppingToken);
            if (Volatile.Read(ref watchers) > 0)
                await Task.Delay(ShortPause, clock, stoppingToken);
            else
                await wanted.WaitAsync(Pause, stoppingToken);
        }
    }

    private async Task ReadStatus(CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(Patience);
        try
        {
            // A connection that hangs may not notice that its command was cancelled, so the wait has a limit of its own.
            var report = await reader.Read(patience.Token).WaitAsync(Patience, clock, ct);
            if (current.Trouble is not null)
                LogReadableAgain();
            Show(new StatusReading(report, null, report.At));
        }
        catch (Exception e) when (!e.IsRequestedEnd(ct))
        {
            var why = e is OperationCanceledException or TimeoutException ? $"It did not answer within {Patience.TotalSeconds:0} s."
                : Sentence(e);
            if (current.Trouble is null)
                LogUnreadable(why);
            status.ShowBlindness();
            var outage = new Outage(current.Trouble?.Since ?? clock.GetUtcNow(), why);
            Show(new StatusReading(current.Report, outage, clock.GetUtcNow(), alerts.Trouble));
            return;
        }

        try
        {
            isWritable = false;
            await Store(current.Report!, ct).WaitAsync(2 * Patience, clock, ct);
        }
        catch (Exception e) when (!e.IsRequestedEnd(ct))
        {
            // A reader of the view may lock its row.
            if (!isWritable)
                status.Unwritable = new Outage(status.Unwritable?.Since ?? clock.GetUtcNow(), Sentence(e));
            LogNotStored(e.GetBaseException().Message);
        }

        if (isWritable)
            status.Unwritable = null;
    }

    private async Task Store(StatusReport report, CancellationToken ct)
    {
        status.Show(report);
        if (status.TickedAt is { } ticked)
        {
            await leader.Write(ticked, ct);
            isWritable = true;
        }
        else if (report.HasLeader && report.At - report.LastTickAt < Verdict.TickPatience)
        {
            row.Forget();
            // When another process leads, writing is its business.
            isWritable = !(status.LedUntil >= report.LastTickAt);
            return;
        }

        isWritable |= await row.Write(report, ct);
        await freshness.Note(report, ct);
        if (status.TickedAt is null || report.At - cleanedAt < BetweenCleanings)
            return;

        cleanedAt = report.At;
        await parked.DeleteCorrected(ct);
        await NoteVersions(report, ct);
    }

    private async Task NoteVersions(StatusReport report, CancellationToken ct)
    {
        var (state, _) = await log.Read(ct);
        VersionSeen[] news =
        [
            .. report.Services.Where(service => service.Versions is [_])
                .Select(service => new VersionSeen(service.Service, service.Versions[0], report.At))
                .Where(seen => state.Versions.GetValueOrDefault(seen.Service) != seen.Version),
        ];
        if (news.Length > 0)
            await log.Record(news, ct);
    }

    private static string Sentence(Exception e) => e switch
    {
        PostgresException { MessageText: { } text } => text,
        _ when e.GetBaseException() is SocketException => "No connection.",
        _ => e.GetBaseException().Message,
    };

    private void Show(StatusReading reading)
    {
        current = reading;
        var before = nextReading;
        nextReading = New();
        before.TrySetResult();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    [LoggerMessage(LogLevel.Warning, "The scheduler cannot read the status of the sync: {Why}")]
    private partial void LogUnreadable(string why);

    [LoggerMessage(LogLevel.Information, "The scheduler can read the status of the sync again.")]
    private partial void LogReadableAgain();

    [LoggerMessage(LogLevel.Warning, "The scheduler could not write the status of the sync into the database: {Why}")]
    private partial void LogNotStored(string why);

    private sealed class Watching(StatusWatch watch) : IDisposable
    {
        private int disposed;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref disposed, 1) == 0)
                Interlocked.Decrement(ref watch.watchers);
        }
    }
}
