using LeadSync.ZohoSimulator.Clock;
using LeadSync.ZohoSimulator.Fields;
using LeadSync.ZohoSimulator.Leads;
using LeadSync.ZohoSimulator.Values;

namespace LeadSync.ZohoSimulator.Records;

/// <summary>A write's answer about each record.</summary>
internal sealed class WriteAnswer(FieldCatalogue fields, UserTime time)
{
    public Dictionary<string, object> Added(Lead lead) => Done(lead, "record added");

    public Dictionary<string, object> Updated(Lead lead) => Done(lead, "record updated");

    private Dictionary<string, object> Done(Lead lead, string message)
    {
        var created = (UserRef)fields["Created_By"].Of(lead)!;
        var details = new Dictionary<string, object>
        {
            ["Modified_Time"] = time.Write(lead.ModifiedTime),
            ["Modified_By"] = new { name = lead.ModifiedBy.Name, id = lead.ModifiedBy.Id },
            ["Created_Time"] = time.Write(lead.CreatedTime),
            ["id"] = $"{lead.Id}",
            ["Created_By"] = new { name = created.Name, id = created.Id },
            ["$approval_state"] = "approved",
        };
        return new() { ["code"] = "SUCCESS", ["details"] = details, ["message"] = message, ["status"] = "success" };
    }
}
