using LeadSync.Contracts;
using LeadSync.Gateway.Zoho;
using LeadSync.ServiceDefaults.Bus;

namespace LeadSync.Gateway.BulkReads;

/// <summary>Starts and checks Zoho's jobs for the scheduler, and tells it what came of them.</summary>
internal sealed partial class BulkJobs(BulkReading reading, Publish publish, ILogger<BulkJobs> log)
{
    public async Task Start(StartBulkRead start, CancellationToken ct) => await publish(await reading.Start(start, ct), ct);

    public async Task Check(CheckBulkJob check, CancellationToken ct)
    {
        try
        {
            if (await reading.Check(check, ct) is { } result)
                await publish(result, ct);
        }
        catch (ZohoException e)
        {
            NotChecked(check.JobId, e.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The status of bulk read job {JobId} could not be read: {Reason}")]
    private partial void NotChecked(string jobId, string reason);
}
