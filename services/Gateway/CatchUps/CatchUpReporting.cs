using LeadSync.Contracts;
using LeadSync.Gateway.Notifications;
using LeadSync.Gateway.Records;
using LeadSync.Gateway.Zoho;
using LeadSync.ServiceDefaults.Bus;

namespace LeadSync.Gateway.CatchUps;

/// <summary>Reports what a catch-up reads: pages to the projector, and what came of it to the scheduler.</summary>
internal sealed class CatchUpReporting(CatchUpReading reading, LeadParking parking, IReceivingRecord receiving, Publish publish, TimeProvider time)
{
    /// <param name="wasBegun">Whether the order may have been begun before.</param>
    public async Task Report(CatchUp catchUp, bool wasBegun, CancellationToken ct)
    {
        // Begun a second time it would publish two readings under one id, and the pages of one could be taken for those of the other.
        if (wasBegun)
        {
            await publish(new CatchUpFailed(catchUp.CatchUpId, "The catch-up broke off half way."), ct);
            return;
        }

        // Whoever waits for it gives it up then; without this the next one would wait behind it.
        using var patience = new CancellationTokenSource(catchUp.Patience ?? Timeout.InfiniteTimeSpan, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, patience.Token);
        try
        {
            var heardAt = await receiving.LastHeard(ct);
            await foreach (var found in reading.Read(catchUp, either.Token))
            {
                patience.CancelAfter(catchUp.Patience ?? Timeout.InfiniteTimeSpan);
                await (found switch
                {
                    LeadToPark lead => parking.Park([lead], "catch-up", ct),
                    CatchUpRead read => publish(read with { HeardAt = heardAt }, ct),
                    CatchUpTooLarge large => publish(large with { HeardAt = heardAt }, ct),
                    _ => publish(found, ct),
                });
            }
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            await publish(new CatchUpFailed(catchUp.CatchUpId, $"Zoho showed nothing within {catchUp.Patience:c}."), ct);
        }
        catch (ZohoException e)
        {
            await publish(new CatchUpFailed(catchUp.CatchUpId, e.Message), ct);
        }
    }
}
