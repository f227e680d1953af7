using LeadSync.Contracts;
using LeadSync.Gateway.BulkReads;
using LeadSync.Gateway.CatchUps;
using LeadSync.Gateway.Channels;
using LeadSync.Gateway.Zoho.Apis;
using LeadSync.Gateway.Zoho.Calls;

namespace LeadSync.Gateway.Bus;

/// <summary>
/// Carries out the scheduler's commands, and drops those that have expired: the scheduler has given them up, or has sent them again.
/// </summary>
internal sealed class Commands(
    Subscription subscription, BulkJobs jobs, CatchUpReporting catchUps, ZohoClock zohoClock, IWatchApi watch, TimeProvider clock)
{
    public Task Renew(RenewChannel command, CancellationToken ct) =>
        Unless("renew-channel", command.NotAfter, () => subscription.Renew(command, ct), ct);

    public Task Check(CheckChannel command, CancellationToken ct) =>
        Unless("check-channel", command.NotAfter, () => subscription.Check(command, ct), ct);

    public Task Start(StartBulkRead command, CancellationToken ct) =>
        Unless("start-bulk-read", command.NotAfter, () => jobs.Start(command, ct), ct);

    public Task Check(CheckBulkJob command, CancellationToken ct) =>
        Unless("check-bulk-job", command.NotAfter, () => jobs.Check(command, ct), ct);

    /// <param name="wasBegun">Whether the command may have been begun before: the broker delivers it again.</param>
    public Task Report(CatchUp command, bool wasBegun, CancellationToken ct) =>
        Unless("catch-up", command.NotAfter, () => catchUps.Report(command, wasBegun, ct), ct);

    /// <param name="notAfter">The scheduler's clock: when the command expires; null for never. A command has expired when both this
    /// machine's clock and Zoho's say so: a late command does little harm, but a wrong clock would stop the sync.</param>
    private async Task Unless(string command, DateTimeOffset? notAfter, Func<Task> carryOut, CancellationToken ct)
    {
        if (notAfter < clock.GetUtcNow() && notAfter < await ZohoNow(ct))
            GatewayMetrics.LateCommand(command);
        else
            await carryOut();
    }

    // When Zoho does not answer, the command itself fails, and reports it.
    private async Task<DateTimeOffset> ZohoNow(CancellationToken ct)
    {
        try
        {
            return await zohoClock.Ask(watch, ct);
        }
        catch (ZohoException)
        {
            return DateTimeOffset.MinValue;
        }
    }
}
