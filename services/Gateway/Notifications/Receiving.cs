using LeadSync.Contracts;

namespace LeadSync.Gateway.Notifications;

/// <summary>Whether notifications could be received, and the gap when they could not.</summary>
internal sealed class Receiving
{
    /// <summary>The longest pause between two heartbeats of a replica, a slow database included.</summary>
    public static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(4);

    // For so long Kubernetes may still send to a replica on a node that is gone: node-monitor-grace-period is 50 s since 1.32, 40 s before.
    private static readonly TimeSpan CrashedAfter = TimeSpan.FromMinutes(1);

    // What happened shortly before may have been announced only within the gap.
    private static readonly TimeSpan BeforeTheGap = TimeSpan.FromMinutes(1);

    private readonly Lock gate = new();
    private DateTimeOffset? refusedSince;
    private DateTimeOffset? heardAt;

    /// <summary>A notification was accepted.</summary>
    /// <param name="at">Zoho's clock.</param>
    public void Heard(DateTimeOffset at)
    {
        lock (gate)
            heardAt = heardAt > at ? heardAt : at;
    }

    /// <summary>When the last notification was accepted, Zoho's clock; null when none was since the process began.</summary>
    public DateTimeOffset? HeardAt
    {
        get
        {
            lock (gate)
                return heardAt;
        }
    }

    /// <summary>A notification was refused because it could not be made durable.</summary>
    /// <param name="at">This machine's clock: Zoho may not have shown its own yet.</param>
    public void Refused(DateTimeOffset at)
    {
        lock (gate)
            refusedSince = refusedSince < at ? refusedSince : at;
    }

    /// <summary>
    /// The time of the first refusal since the last call, by this machine's clock. The caller makes it a gap, or puts it back.
    /// </summary>
    public DateTimeOffset? TakeFirstRefusal()
    {
        lock (gate)
        {
            var since = refusedSince;
            refusedSince = null;
            return since;
        }
    }

    /// <summary>Null when nothing was missed, or when that is not certain yet.</summary>
    /// <param name="lastHeartbeat">Until when any replica is known to have received; null when none ever did.</param>
    /// <param name="since">Since when this one has received without a pause.</param>
    /// <param name="crashedAt">The first of the heartbeats after which another one has crashed, see <see cref="HasCrashed"/>.</param>
    /// <param name="refusedSince">When the first notification was refused that no gap covers yet.</param>
    /// <param name="now">In the same clock as the others: Zoho's.</param>
    public static GapDetected? Gap(
        DateTimeOffset? lastHeartbeat, DateTimeOffset since, DateTimeOffset? crashedAt, DateTimeOffset? refusedSince, DateTimeOffset now)
    {
        var isCertain = !MayBeBridged(lastHeartbeat, since, now);
        var hole = isCertain && lastHeartbeat < since ? lastHeartbeat : null;
        if (new[] { hole, crashedAt, refusedSince }.Min() is not { } from)
            return null;

        var (kind, cause) = (hole, crashedAt) switch
        {
            ({ }, _) => (GapKind.NoGateway, "No gateway could receive notifications for a while."),
            (_, { }) => (GapKind.GatewayCrashed, "A gateway crashed; what Zoho sent to it may not have been received."),
            _ => (GapKind.Refused, "Notifications were refused because the broker or the database did not confirm."),
        };
        return new GapDetected(cause, from - BeforeTheGap, now, kind);
    }

    /// <summary>
    /// Whether a replica that has not left has crashed. What Zoho sent to it until now, the end of the gap, is lost. From now on nothing is
    /// sent to it.
    /// </summary>
    public static bool HasCrashed(DateTimeOffset? heartbeat, DateTimeOffset now) => now - heartbeat > CrashedAfter;

    /// <summary>
    /// Whether a hole in the record, before this replica began, may be a late heartbeat of another replica. As long as it may, this replica
    /// must not move the record on. Either the other's next heartbeat closes the hole, or none comes and the hole is a gap.
    /// </summary>
    public static bool MayBeBridged(DateTimeOffset? lastHeartbeat, DateTimeOffset since, DateTimeOffset now) =>
        lastHeartbeat < since && now - lastHeartbeat <= LongestPause;
}
