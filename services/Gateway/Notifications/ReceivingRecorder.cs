using LeadSync.Gateway.Zoho.Apis;
using LeadSync.Gateway.Zoho.Calls;
using LeadSync.ServiceDefaults.Bus;

namespace LeadSync.Gateway.Notifications;

/// <summary>
/// Records that the gateway can receive notifications, in one record for all replicas. A time without a receiving replica is a hole in the
/// record, and a hole is a gap. A replica whose heartbeats end although it has not left has crashed, and a crash is a gap as well. The
/// record moves on only after the gap has been announced.
/// </summary>
internal sealed class ReceivingRecorder(
    IReceivingRecord record, Publish publish, IWatchApi watch, Receiving receiving, ZohoClock zohoClock, TimeProvider clock)
{
    private DateTimeOffset receivingSince;
    private DateTimeOffset? beatenAt;

    /// <summary>Whether the record has this replica. Once it has, a crash of this replica is noticed as a gap.</summary>
    public bool HasAppeared { get; private set; }

    /// <summary>Records that this replica can receive. The caller does so once a second. After a failed call, the next one records the time
    /// since the last success.</summary>
    public async Task Beat(CancellationToken ct)
    {
        var refusedSince = receiving.TakeFirstRefusal();
        try
        {
            // The replica enters the record before it asks for Zoho's time: Zoho may send to it already, and it may crash while it asks.
            var (own, last, firstOfOthers, now) = await record.EnterHeartbeat(refusedSince is not null, ct);
            var ours = clock.GetUtcNow();
            HasAppeared = true;
            // While a refusal waits to be announced, the record keeps an earlier heartbeat.
            var goesOn = own is not null && (now - own <= Receiving.LongestPause || now - beatenAt <= Receiving.LongestPause);
            if (!goesOn)
                receivingSince = now;
            beatenAt = now;

            // A gap is a stretch of Zoho's time.
            await zohoClock.Ask(watch, ct);
            var crashedAt = Receiving.HasCrashed(firstOfOthers, now) ? firstOfOthers : null;
            // The record holds times of the database's clock, which may differ from this machine's clock.
            var toZoho = ours + zohoClock.Offset - now;
            if (Receiving.Gap(
                last + toZoho, receivingSince + toZoho, crashedAt + toZoho, refusedSince + zohoClock.Offset, now + toZoho) is { } gap)
                await publish(gap, ct);
            if (!Receiving.MayBeBridged(last, receivingSince, now))
                await record.Record(now, receiving.HeardAt, crashedAt, ct);
        }
        catch when (refusedSince is { } since)
        {
            receiving.RecordRefused(since);
            throw;
        }
    }

    /// <summary>Removes this replica from the record, because it no longer receives.</summary>
    public Task RemoveHeartbeat(CancellationToken ct) => record.RemoveHeartbeat(ct);
}
