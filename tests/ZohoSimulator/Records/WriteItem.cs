using System.Text.Json;
using LeadSync.ZohoSimulator.Fields;
using LeadSync.ZohoSimulator.Gate;
using LeadSync.ZohoSimulator.Leads;
using LeadSync.ZohoSimulator.Values;

namespace LeadSync.ZohoSimulator.Records;

/// <summary>Reads one record of a write. Zoho ignores unknown and read-only fields.</summary>
internal sealed class WriteItem(FieldCatalogue fields)
{
    public static string ReadId(JsonElement item, int at) =>
        item.Member("id") is { } id ? $"{id}" : throw ZohoError.Mandatory(new { api_name = "id", json_path = $"$.data[{at}].id" });

    public IReadOnlyList<Edit> Read(JsonElement item)
    {
        if (item.ValueKind != JsonValueKind.Object)
            throw ZohoError.InvalidData(new { api_name = "data", expected_data_type = "jsonobject" });

        return
        [
            .. item.EnumerateObject()
                .Select(member => (Field: fields.Find(member.Name), member.Value))
                .Where(member => member.Field is { ReadOnly: false })
                .Select(member => new Edit(member.Field!, ValueReader.Read(member.Field!, member.Value))),
        ];
    }

    public IReadOnlyList<Edit> ReadNew(JsonElement item, int at)
    {
        var values = Read(item);
        var given = values.Where(value => value.Value is not null).Select(value => value.Field);
        var missing = fields.Editable.Where(field => field.Mandatory).Except(given).FirstOrDefault();
        return missing is null
            ? values
            : throw ZohoError.Mandatory(new { api_name = missing.ApiName, json_path = $"$.data[{at}].{missing.ApiName}" });
    }
}
