using LeadSync.ServiceDefaults.Parking;

namespace LeadSync.Gateway.Records;

/// <summary>Parks leads that cannot be published now.</summary>
internal sealed partial class LeadParking(IParkingLot parkingLot, ILogger<LeadParking> log)
{
    /// <param name="origin">The name of the queue that they came from.</param>
    public async Task Park(IReadOnlyCollection<LeadToPark> leads, string origin, CancellationToken ct)
    {
        await parkingLot.Park([.. leads.Select(lead => ParkedItem.Lead(lead.Id, origin, lead.Reason))], ct);
        GatewayMetrics.Hydrated("parked", leads.Count);
        foreach (var lead in leads)
            Parked(lead.Id, lead.Reason);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Lead {LeadId} is parked. {Reason}")]
    private partial void Parked(string leadId, string reason);
}
