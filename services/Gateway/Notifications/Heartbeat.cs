using LeadSync.Gateway.Zoho;
using LeadSync.ServiceDefaults.Bus;

namespace LeadSync.Gateway.Notifications;

/// <summary>
/// Records that the gateway can receive notifications, in one record for all replicas. A hole in the record, in which no replica received,
/// is a gap. A replica whose heartbeats end without its having left has crashed, which is a gap as well. The record moves on only after
/// the gap has been announced.
/// </summary>
internal sealed class Heartbeat(
    IReceivingRecord record, Publish publish, IWatchApi watch, Receiving receiving, ZohoClock zohoClock, TimeProvider clock)
{
    private DateTimeOffset receivingSince;

    /// <summary>The record knows that Zoho may send to this replica: what is sent to it and lost is noticed from now on.</summary>
    public bool HasAppeared { get; private set; }

    /// <summary>Called once a second while this replica can receive. What it could not record, the next one does.</summary>
    public async Task Beat(CancellationToken ct)
    {
        var refusedSince = receiving.TakeFirstRefusal();
        try
        {
            // Something is sent to this replica, and lost when it crashes, before it knows Zoho's time.
            var (own, last, firstOfOthers, now) = await record.Appear(ct);
            var ours = clock.GetUtcNow();
            HasAppeared = true;
            if (!(now - own <= Receiving.LongestPause))
                receivingSince = now;

            // A gap is a stretch of Zoho's time.
            await zohoClock.Ask(watch, ct);
            var crashedAt = Receiving.HasCrashed(firstOfOthers, now) ? firstOfOthers : null;
            // The record is in the database's clock, which may be another than this machine's.
            var toZoho = ours + zohoClock.Offset - now;
            if (Receiving.Gap(
                last + toZoho, receivingSince + toZoho, crashedAt + toZoho, refusedSince + zohoClock.Offset, now + toZoho) is { } gap)
                await publish(gap, ct);
            if (!Receiving.MayBeBridged(last, receivingSince, now))
                await record.Record(now, receiving.HeardAt, crashedAt, ct);
        }
        catch when (refusedSince is { } since)
        {
            receiving.Refused(since);
            throw;
        }
    }

    /// <summary>This replica receives no more.</summary>
    public Task Leave(CancellationToken ct) => record.Leave(ct);
}
