using LeadSync.Contracts;
using LeadSync.Gateway.Zoho;
using MassTransit;

namespace LeadSync.Gateway.BulkReads;

/// <remarks>Published by the bus for the same reason as in <see cref="Notifications.LeadsAnnouncedConsumer"/>.</remarks>
internal sealed partial class CheckBulkJobConsumer(BulkReading reading, IBus bus, ILogger<CheckBulkJobConsumer> log) : IConsumer<CheckBulkJob>
{
    public async Task Consume(ConsumeContext<CheckBulkJob> context)
    {
        try
        {
            if (await reading.Check(context.Message, context.CancellationToken) is { } result)
                await bus.Publish(result, context.CancellationToken);
        }
        catch (ZohoException e)
        {
            NotChecked(context.Message.JobId, e.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The status of bulk read job {JobId} could not be read: {Reason}")]
    private partial void NotChecked(string jobId, string reason);
}
