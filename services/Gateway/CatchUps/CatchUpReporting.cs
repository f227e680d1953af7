using LeadSync.Contracts;
using LeadSync.Gateway.Notifications;
using LeadSync.Gateway.Records;
using LeadSync.Gateway.Zoho.Calls;
using LeadSync.ServiceDefaults.Bus;

namespace LeadSync.Gateway.CatchUps;

/// <summary>Publishes a catch-up's pages to the projector, and its result to the scheduler. A catch-up that the scheduler has given up
/// stops, so that the next one does not wait for it.</summary>
internal sealed class CatchUpReporting(
    CatchUpReading reading, LeadParking parking, IReceivingRecord receiving, Publish publish, TimeProvider clock)
{
    private readonly Lock gate = new();
    private Guid lastBegun;
    private CancellationTokenSource? current;

    /// <param name="wasBegun">Whether an earlier delivery of the command may have begun the catch-up.</param>
    public async Task Report(CatchUp catchUp, bool wasBegun, CancellationToken ct)
    {
        // A second reading under the same id could mix with the first: the projector could mistake the pages of one reading for those of
        // the other.
        if (wasBegun)
        {
            // RabbitMQ takes a message back after half an hour, or when a connection breaks, and delivers it again.
            if (IsReading(catchUp.CatchUpId))
                return;

            await publish(new CatchUpFailed(catchUp.CatchUpId, "The gateway ended before the catch-up was finished."), ct);
            return;
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        if (!Begin(catchUp.CatchUpId, stop))
            return;

        using var patience = new CancellationTokenSource(FirstPatience(catchUp), clock);
        using var whenLate = patience.Token.Register(stop.Cancel);
        try
        {
            var heardAt = await receiving.LastHeard(ct);
            await foreach (var part in reading.Read(catchUp, stop.Token))
            {
                stop.Token.ThrowIfCancellationRequested();
                patience.CancelAfter(catchUp.Patience ?? Timeout.InfiniteTimeSpan);
                await Publish(part, heardAt, ct);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            GatewayMetrics.LateCommand("catch-up");
            var reason = patience.IsCancellationRequested
                ? $"The catch-up published nothing within {catchUp.Patience:c}."
                : "The next catch-up began.";
            await publish(new CatchUpFailed(catchUp.CatchUpId, reason), ct);
        }
        catch (ZohoException e)
        {
            await publish(new CatchUpFailed(catchUp.CatchUpId, e.Message), ct);
        }
        finally
        {
            End(stop);
        }
    }

    /// <summary>How long the scheduler still waits for a catch-up that publishes nothing. Part of the time has passed when the command
    /// has waited in its queue. A machine whose clock is wrong counts the whole time.</summary>
    private TimeSpan FirstPatience(CatchUp catchUp)
    {
        var patience = catchUp.Patience ?? Timeout.InfiniteTimeSpan;
        return catchUp.NotAfter - clock.GetUtcNow() is { Ticks: > 0 } left && left < patience ? left : patience;
    }

    private Task Publish(CatchUpPart part, DateTimeOffset? heardAt, CancellationToken ct) => part switch
    {
        CatchUpPart.Page page => publish(page.Ready, ct),
        CatchUpPart.Parked parked => parking.Park([parked.Lead], "catch-up", ct),
        CatchUpPart.Unfound unfound =>
            LookAgain.Publish(unfound.Leads.Select(lead => Hydration.Again(lead)!.Value), clock.GetUtcNow(), publish, ct),
        CatchUpPart.End end => publish(end.Read with { HeardAt = heardAt }, ct),
        CatchUpPart.TooLarge large => publish(large.Left with { HeardAt = heardAt }, ct),
        _ => throw new InvalidOperationException($"{part.GetType().Name} is not published."),
    };

    /// <summary>Stops the earlier catch-up: the scheduler begins a catch-up only after it has given up the earlier one.</summary>
    /// <returns>False when this catch-up has been begun already.</returns>
    private bool Begin(Guid catchUpId, CancellationTokenSource stop)
    {
        lock (gate)
        {
            if (lastBegun == catchUpId)
                return false;

            (lastBegun, var before, current) = (catchUpId, current, stop);
            before?.Cancel();
            return true;
        }
    }

    private bool IsReading(Guid catchUpId)
    {
        lock (gate)
            return current is not null && lastBegun == catchUpId;
    }

    private void End(CancellationTokenSource stop)
    {
        lock (gate)
            current = current == stop ? null : current;
    }
}
