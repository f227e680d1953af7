using LeadSync.ServiceDefaults.Parking;
using LeadSync.ServiceDefaults.Shutdown;
using MassTransit;
using Microsoft.Extensions.Logging;

namespace LeadSync.ServiceDefaults.Bus;

/// <summary>
/// Parks messages that a queue's consumers could not process, and only then acknowledges them. It replaces MassTransit's <c>_error</c> and
/// <c>_skipped</c> queues, which nobody reads.
/// </summary>
internal sealed partial class ParkFilter(IParkingLot parkingLot, Progress progress, TimeProvider clock, ILogger<ParkFilter> log)
    : IFilter<ExceptionReceiveContext>, IFilter<ReceiveContext>
{
    public async Task Send(ExceptionReceiveContext context, IPipe<ExceptionReceiveContext> next)
    {
        // The service stops: RabbitMQ gets the message back.
        context.CancellationToken.ThrowIfCancellationRequested();
        var message = context.GetOrAddPayload(() => ParkedMessage.Of(context, context.Exception));
        await Park(message, context.InputAddress, context.CancellationToken);
        await next.Send(context);
    }

    public async Task Send(ReceiveContext context, IPipe<ReceiveContext> next)
    {
        // Messages that could not be read arrive here as well.
        if (!context.HasPayloadType(typeof(ParkedItem)))
            await Park(ParkedMessage.Of(context, failure: null), context.InputAddress, context.CancellationToken);
        await next.Send(context);
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("park");

    // While the item cannot be parked, whatever the reason, the filter waits and retries. If it returned the message, RabbitMQ would
    // deliver it again at once, without end.
    private async Task Park(ParkedItem message, Uri queue, CancellationToken ct)
    {
        for (var attempts = 0; ; attempts++)
        {
            try
            {
                await parkingLot.Park([message], ct);
                return;
            }
            catch (Exception e) when (!e.IsRequestedEnd(ct))
            {
                if (!Retries.IsOfDatabase(e))
                    NotParked(queue.Segments[^1], e.GetBaseException().GetType().Name);
                progress.Made(queue);
                await Task.Delay(Retries.Pause(attempts), clock, ct);
            }
        }
    }

    // The exception's text may quote a lead.
    [LoggerMessage(Level = LogLevel.Error, Message =
        "A message of the queue {Queue} could not be parked ({Failure}). The service tries again until it can, and keeps the message")]
    private partial void NotParked(string queue, string failure);
}
