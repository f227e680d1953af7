using LeadSync.Contracts;
using LeadSync.Gateway.Notifications;
using LeadSync.Gateway.Records;
using LeadSync.Gateway.Zoho;
using LeadSync.ServiceDefaults.Bus;

namespace LeadSync.Gateway.CatchUps;

/// <summary>Publishes a catch-up's pages to the projector and its result to the scheduler.</summary>
internal sealed class CatchUpReporting(
    CatchUpReading reading, LeadParking parking, IReceivingRecord receiving, Publish publish, TimeProvider clock)
{
    /// <param name="wasBegun">Whether an earlier delivery of the command may have begun it.</param>
    public async Task Report(CatchUp catchUp, bool wasBegun, CancellationToken ct)
    {
        // A second reading under the same id could mix with the first: the projector could take pages of one for pages of the other.
        if (wasBegun)
        {
            await publish(new CatchUpFailed(catchUp.CatchUpId, "The catch-up broke off half way."), ct);
            return;
        }

        // After this time the scheduler gives the catch-up up. Without this limit, the next catch-up would wait behind it.
        using var patience = new CancellationTokenSource(catchUp.Patience ?? Timeout.InfiniteTimeSpan, clock);
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
