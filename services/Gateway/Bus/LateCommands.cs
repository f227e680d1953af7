using LeadSync.Gateway.Zoho;

namespace LeadSync.Gateway.Bus;

/// <summary>Drops commands that have expired: the scheduler has given them up, or has sent them again.</summary>
internal sealed class LateCommands(ZohoClock zohoClock, IWatchApi watch, TimeProvider clock)
{
    /// <param name="notAfter">The scheduler's clock: when the command expires; null for never. A command has expired when both this
    /// machine's clock and Zoho's say so: a late command does little harm, but a wrong clock would stop the sync.</param>
    public async Task Unless(string command, DateTimeOffset? notAfter, Func<Task> carryOut, CancellationToken ct)
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
