using LeadSync.ServiceDefaults.Parking;

namespace LeadSync.Gateway.Records;

/// <summary>Parks leads that no row can hold. Names the field; never the value.</summary>
internal sealed partial class OddLeads(IParkingLot parkingLot, ILogger<OddLeads> log)
{
    /// <param name="origin">Where they came from: the queue's name.</param>
    public async Task Park(IReadOnlyCollection<OddLead> leads, string origin, CancellationToken ct)
    {
        await parkingLot.Park(
            [.. leads.Select(lead => ParkedItem.Lead(lead.Id, origin, $"{lead.Field} holds a value that is not of its type."))], ct);
        GatewayMetrics.Hydrated("parked", leads.Count);
        foreach (var lead in leads)
            Parked(lead.Id, lead.Field);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message =
        "Lead {LeadId} is parked, its field {Field} holds a value that is not of its type: correct it in Zoho, then replay it")]
    private partial void Parked(string leadId, string field);
}
