using LeadSync.Contracts;
using LeadSync.Gateway.Channels;
using LeadSync.Gateway.Zoho.Apis;
using LeadSync.ServiceDefaults.Bus;
using LeadSync.ServiceDefaults.Parking;
using LeadSync.Simulation.Services;

namespace LeadSync.Simulation.Mutants;

internal sealed class AnsweredFirst : Seams
{
    public override Publish Publishing(World world, Publish publish) => (message, ct) =>
    {
        var published = publish(message, ct);
        return message is LeadsAnnounced { Source: Source.Notification } ? Task.CompletedTask : published;
    };
}

internal sealed class AcknowledgedFirst : Seams
{
    public override Task Handling(Func<Task> handle)
    {
        _ = handle();
        return Task.CompletedTask;
    }
}

internal sealed class OnlyFirstId : Seams
{
    public override object Published(object message, DateTimeOffset now) =>
        message is LeadsAnnounced { Source: Source.Notification } announced ? announced with { Ids = [.. announced.Ids.Take(1)] } : message;
}

internal sealed class OldTokensRefused : Seams
{
    public override IChannelStore Channel(IChannelStore store) => new OtherChannelStore(store) { Overlap = _ => TimeSpan.Zero };
}

internal sealed class UnnoticedGap(string cause) : Seams
{
    public override object? Published(object message, DateTimeOffset now) =>
        message is GapDetected gap && gap.Cause.StartsWith(cause, StringComparison.Ordinal) ? null : message;
}

internal sealed class AskedExpiry : Seams
{
    public override IWatchApi Watch(IWatchApi zoho) => new OtherWatch(zoho) { Granted = (request, _) => request.Expiry };
}

internal sealed class AcceptedLate : Seams
{
    public override IChannelStore Channel(IChannelStore store) => new OtherChannelStore(store) { AcceptsLate = true };
}

internal sealed class FreshAnswers : Seams
{
    public override object Published(object message, DateTimeOffset now) =>
        message switch
        {
            LeadsChanged changed => new LeadsChanged(Fresh(changed.Leads, now)),
            LeadsReread reread => new LeadsReread(Fresh(reread.Leads, now)),
            _ => message,
        };

    private static LeadChanged[] Fresh(IReadOnlyList<LeadChanged> leads, DateTimeOffset now) =>
        [.. leads.Select(lead => lead with { ObservedAt = now })];
}

internal sealed class UnconfirmedGap : Seams
{
    public override Publish Publishing(World world, Publish publish) => async (message, ct) =>
    {
        try
        {
            await publish(message, ct);
        }
        catch (AwayException) when (message is GapDetected)
        {
            // The mutant takes the gap for announced.
        }
    };
}

internal sealed class NotParked : Seams
{
    public override IParkingLot Parking(IParkingLot parkingLot) => new NoParkingLot();

    private sealed class NoParkingLot : IParkingLot
    {
        public Task Park(IReadOnlyCollection<ParkedItem> items, CancellationToken ct) => Task.CompletedTask;
    }
}
