using LeadSync.Gateway.Zoho.Calls;
using LeadSync.ServiceDefaults.Parking;

namespace LeadSync.Gateway.Records;

/// <summary>A lead that is parked for an operator, while everything else goes on.</summary>
internal abstract record LeadToPark(string Id, DateTimeOffset ObservedAt) : LeadAnswer(Id, ObservedAt)
{
    /// <summary>One sentence without lead data.</summary>
    public abstract string Reason { get; }
}

/// <summary>A lead that is published, except for values that do not fit their fields' types.</summary>
internal sealed record PartlyInvalidLead(string Id, DateTimeOffset ObservedAt, IReadOnlyList<string> Fields) : LeadToPark(Id, ObservedAt)
{
    public override string Reason =>
        $"{string.Join(", ", Fields)} {(Fields.Count == 1 ? "holds a value that is" : "hold values that are")} not of the field's type: "
            + "LeadSync keeps the known value until somebody corrects the lead in Zoho, and syncs all other fields.";
}

/// <summary>A lead that exists, but has no modified time, so that no row can hold it.</summary>
internal sealed record UnstorableLead(string Id, DateTimeOffset ObservedAt, string Field) : LeadToPark(Id, ObservedAt)
{
    public override string Reason => $"{Field} holds a value that is not of its type: correct it in Zoho, then replay this item.";
}

/// <summary>A lead that Zoho does not give, although it gives others.</summary>
internal sealed record UnreadableLead(string Id, DateTimeOffset ObservedAt, ZohoException Problem) : LeadToPark(Id, ObservedAt)
{
    public override string Reason =>
        $"Zoho refuses to show this lead, although it shows others ({Problem.Answer}): check in Zoho who may see it, "
            + "then replay this item.";
}

/// <summary>A lead that Zoho lists as modified or exports, and shows neither as a record nor as deleted.</summary>
internal sealed record UnfoundLead(string Id, DateTimeOffset ObservedAt) : LeadToPark(Id, ObservedAt)
{
    public override string Reason =>
        "Zoho lists this lead, but shows it neither as a record nor as deleted: see in Zoho whether it exists, then replay this item.";
}

/// <summary>A lead about which the gateway could not ask Zoho for about a day.</summary>
internal sealed record UnaskedLead(string Id, DateTimeOffset ObservedAt) : LeadToPark(Id, ObservedAt)
{
    public override string Reason => "The gateway could not reach Zoho for about a day: replay this item when Zoho answers.";
}

/// <summary>Parks leads that cannot be published now.</summary>
internal sealed partial class LeadParking(IParkingLot parkingLot, ILogger<LeadParking> log)
{
    /// <param name="origin">The name of the queue that the leads came from.</param>
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
