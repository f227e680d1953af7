using LeadSync.Gateway.Zoho;

namespace LeadSync.Gateway.Bus;

/// <summary>Drops commands that are no longer worth carrying out: whoever sent them has given them up, or asked for the same again.</summary>
internal sealed class LateCommands(ZohoClock clock, IWatchApi watch)
{
    /// <param name="notAfter">Until when the command is worth carrying out. The scheduler's clock, which is Zoho's to a minute or two; null for always.</param>
    public async Task Unless(string command, DateTimeOffset? notAfter, Func<Task> carryOut, CancellationToken ct)
    {
        if (notAfter < await Now(ct))
            GatewayMetrics.LateCommand(command);
        else
            await carryOut();
    }

    // Where Zoho cannot be asked, the command fails by itself, and says so.
    private async Task<DateTimeOffset> Now(CancellationToken ct)
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
