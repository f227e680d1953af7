using LeadSync.Contracts;

namespace LeadSync.Gateway.Notifications;

/// <summary>Notes accepted and refused notifications, and decides which gap they and the record of heartbeats leave.</summary>
internal sealed class Receiving
{
    /// <summary>The longest pause between two heartbeats of a replica, a slow database included.</summary>
    public static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(4);

    // Kubernetes may send to a replica on a lost node for the node-monitor-grace-period: 50 s since Kubernetes 1.32, 40 s before.
    private static readonly TimeSpan CrashedAfter = TimeSpan.FromMinutes(1);

    // A change may be older than the gap: Zoho sends its notification a little later. So the gap begins earlier.
    private static readonly TimeSpan BeforeTheGap = TimeSpan.FromMinutes(1);

    private readonly Lock gate = new();
    private DateTimeOffset? refusedSince;
    private DateTimeOffset? heardAt;

    /// <summary>Notes that a notification was accepted.</summary>
    /// <param name="at">Zoho's clock.</param>
    public void RecordAccepted(DateTimeOffset at)
    {
        lock (gate)
            heardAt = heardAt > at ? heardAt : at;
    }

    /// <summary>Zoho's clock: when the last notification was accepted. Null when this process has accepted none.</summary>
    public DateTimeOffset? HeardAt
    {
        get
        {
            lock (gate)
                return heardAt;
        }
    }

    /// <summary>Notes that a notification was refused because it could not be made durable.</summary>
    /// <param name="at">This machine's clock: Zoho's clock may not be measured yet.</param>
    public void RecordRefused(DateTimeOffset at)
    {
        lock (gate)
            refusedSince = refusedSince < at ? refusedSince : at;
    }

    /// <summary>
    /// This machine's clock: the first refusal since the last call. The caller announces it as a gap, or returns it with
    /// <see cref="RecordRefused"/>.
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

    /// <summary>The gap that a hole in the record, a crash and refusals leave. Null when nothing was missed, or when a hole is not certain
    /// yet. All times are of Zoho's clock.</summary>
    /// <param name="lastHeartbeat">The last heartbeat of any replica; null when there never was one.</param>
    /// <param name="since">Since when this replica has received without a pause.</param>
    /// <param name="crashedAt">The earliest last heartbeat of a crashed replica, see <see cref="HasCrashed"/>; null when none has
    /// crashed.</param>
    /// <param name="refusedSince">When the first notification was refused that no gap covers yet; null when there is none.</param>
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
    /// Whether a replica that has not left has crashed. The gap of a crash ends now: nothing is routed to the replica any more.
    /// </summary>
    public static bool HasCrashed(DateTimeOffset? heartbeat, DateTimeOffset now) => now - heartbeat > CrashedAfter;

    /// <summary>
    /// Whether a hole in the record before this replica began may end with a late heartbeat of another replica. Until that is certain, this
    /// replica must not move the record on. Either the other replica's next heartbeat closes the hole, or the hole is a gap.
    /// </summary>
    public static bool MayBeBridged(DateTimeOffset? lastHeartbeat, DateTimeOffset since, DateTimeOffset now) =>
        lastHeartbeat < since && now - lastHeartbeat <= LongestPause;
}
