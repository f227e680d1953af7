using LeadSync.Contracts;

namespace LeadSync.Gateway.Notifications;

/// <summary>Whether notifications could be received, and the gap when they could not.</summary>
internal sealed class Receiving
{
    /// <summary>The longest pause between two heartbeats, a slow database included.</summary>
    public static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(4);

    /// <summary>The same when a process has just started: shorter than any restart, and long enough if another replica was there.</summary>
    public static readonly TimeSpan LongestPauseAtStart = TimeSpan.FromSeconds(1.5);

    // What happened shortly before may have been announced only within the gap.
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(1);

    private readonly Lock gate = new();
    private DateTimeOffset? refusedSince;
    private DateTimeOffset? heardAt;

    /// <summary>A notification was accepted.</summary>
    public void Heard(DateTimeOffset at)
    {
        lock (gate)
            heardAt = heardAt > at ? heardAt : at;
    }

    /// <summary>When the last notification was accepted; null when none was since the process began.</summary>
    public DateTimeOffset? HeardAt
    {
        get
        {
            lock (gate)
                return heardAt;
        }
    }

    /// <summary>A notification was refused because it could not be made durable.</summary>
    public void Refused(DateTimeOffset at)
    {
        lock (gate)
            refusedSince = refusedSince < at ? refusedSince : at;
    }

    /// <summary>When the first refusal was since this was last asked. Whoever asks makes it a gap or puts it back.</summary>
    public DateTimeOffset? TakeRefused()
    {
        lock (gate)
        {
            var since = refusedSince;
            refusedSince = null;
            return since;
        }
    }

    /// <summary>Null when nothing was missed.</summary>
    /// <param name="lastHeartbeat">When a replica last could receive; null when none ever did.</param>
    /// <param name="refusedSince">When the first notification was refused that no gap covers yet.</param>
    /// <param name="now">In the same clock as the others: Zoho's.</param>
    /// <param name="longestPause">What is no pause yet.</param>
    public static GapDetected? Gap(DateTimeOffset? lastHeartbeat, DateTimeOffset? refusedSince, DateTimeOffset now, TimeSpan longestPause)
    {
        if (lastHeartbeat is { } last && now - last > longestPause)
        {
            var from = refusedSince < last ? refusedSince.Value : last;
            return new GapDetected("No gateway could receive notifications for a while.", from - Margin, now);
        }

        return refusedSince is { } since
            ? new GapDetected("Notifications were refused because the broker or the database did not confirm.", since - Margin, now)
            : null;
    }
}
