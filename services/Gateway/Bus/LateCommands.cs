using LeadSync.Gateway.Zoho;

namespace LeadSync.Gateway.Bus;

/// <summary>Drops commands that are no longer worth carrying out: whoever sent them has given them up, or asked for the same again.</summary>
internal sealed class LateCommands(ZohoClock clock, IWatchApi watch, TimeProvider time)
{
    /// <param name="notAfter">Until when the command is worth carrying out, the scheduler's clock; null for always. The command is late when both this
    /// machine's clock and Zoho's say so: a command that is carried out late does little harm, a clock that is wrong would stop the sync.</param>
    public async Task Unless(string command, DateTimeOffset? notAfter, Func<Task> carryOut, CancellationToken ct)
    {
        if (notAfter < time.GetUtcNow() && notAfter < await ZohoNow(ct))
            GatewayMetrics.LateCommand(command);
        else
            await carryOut();
    }

    // Where Zoho cannot be asked, the command fails by itself, and says so.
    private async Task<DateTimeOffset> ZohoNow(CancellationToken ct)
    {
        try
        {
            return await clock.Ask(watch, ct);
        }
        catch (ZohoException)
        {
            return DateTimeOffset.MinValue;
        }
    }
}
