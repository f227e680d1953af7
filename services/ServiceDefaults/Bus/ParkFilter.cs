using LeadSync.ServiceDefaults.Parking;
using MassTransit;
using Npgsql;

namespace LeadSync.ServiceDefaults.Bus;

/// <summary>
/// Parks what a queue's consumers could not process, in place of MassTransit's <c>_error</c> and <c>_skipped</c> queues, which nobody reads.
/// Only then is the message acknowledged.
/// </summary>
internal sealed class ParkFilter(ParkingLot parkingLot, TimeProvider clock) : IFilter<ExceptionReceiveContext>, IFilter<ReceiveContext>
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    public async Task Send(ExceptionReceiveContext context, IPipe<ExceptionReceiveContext> next)
    {
        // The service stops: the message is given back to its queue.
        context.CancellationToken.ThrowIfCancellationRequested();
        var message = context.GetOrAddPayload(() => ParkedMessage.Of(context, context.Exception));
        await Park(message, context.CancellationToken);
        await next.Send(context);
    }

    public async Task Send(ReceiveContext context, IPipe<ReceiveContext> next)
    {
        // One that could not be read comes here as well.
        if (!context.HasPayloadType(typeof(ParkedItem)))
            await Park(ParkedMessage.Of(context, failure: null), context.CancellationToken);
        await next.Send(context);
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("park");

    // An outage of the database must not use up the deliveries that RabbitMQ grants.
    private async Task Park(ParkedItem message, CancellationToken ct)
    {
        while (true)
        {
            try
            {
                await parkingLot.Park([message], ct);
                return;
            }
            catch (NpgsqlException e) when (e.IsTransient)
            {
                await Task.Delay(Pause, clock, ct);
            }
        }
    }
}
