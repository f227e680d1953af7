namespace LeadSync.ZohoSimulator.Control;

/// <summary>The rate, the duration and the kinds of changes.</summary>
internal sealed record StreamOrder(double PerSecond, double Seconds, double CreateShare = 0.1, double DeleteShare = 0.02);

/// <summary>Changes leads at a steady rate.</summary>
internal sealed class ChangeStream(LeadControl leads, Statistics statistics) : IDisposable
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(10);

    private readonly Lock gate = new();
    private CancellationTokenSource stop = new();

    public long Changes { get; private set; }

    public bool Runs { get; private set; }

    public void Start(StreamOrder order)
    {
        lock (gate)
        {
            Stop();
            stop = new CancellationTokenSource();
            Runs = true;
            _ = RunAsync(order, stop.Token);
        }
    }

    public void Stop()
    {
        lock (gate)
        {
            stop.Cancel();
            Runs = false;
        }
    }

    public void Dispose() => stop.Dispose();

    private async Task RunAsync(StreamOrder order, CancellationToken stop)
    {
        var started = TimeProvider.System.GetTimestamp();
        using var beats = new PeriodicTimer(Beat, TimeProvider.System);
        for (long made = 0; !stop.IsCancellationRequested;)
        {
            var elapsed = Math.Min(TimeProvider.System.GetElapsedTime(started).TotalSeconds, order.Seconds);
            for (; made < elapsed * order.PerSecond && !stop.IsCancellationRequested; made++)
            {
                leads.Any(order.CreateShare, order.DeleteShare);
                Changes++;
                statistics.Counted("stream.changes");
            }

            if (elapsed >= order.Seconds)
            {
                Runs = false;
                return;
            }

            await beats.WaitForNextTickAsync(CancellationToken.None);
        }
    }
}
