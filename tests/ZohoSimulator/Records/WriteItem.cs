using System.Text.Json;
using LeadSync.ZohoSimulator.Fields;
using LeadSync.ZohoSimulator.Gate;
using LeadSync.ZohoSimulator.Leads;
using LeadSync.ZohoSimulator.Values;

namespace LeadSync.ZohoSimulator.Records;

/// <summary>Reads one record of a write. Zoho: what is unknown or read-only is passed over.</summary>
internal sealed class WriteItem(FieldCatalogue fields)
{
    public static string ReadId(JsonElement item, int at) =>
        item.ValueKind == JsonValueKind.Object && item.TryGetProperty("id", out var id)
            ? $"{id}"
            : throw ZohoError.Mandatory(new { api_name = "id", json_path = $"$.data[{at}].id" });

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
        var missing = fields.Editable.FirstOrDefault(field => field.Mandatory && !values.Any(value => value.Field == field && value.Value is not null));
        return missing is null ? values : throw ZohoError.Mandatory(new { api_name = missing.ApiName, json_path = $"$.data[{at}].{missing.ApiName}" });
    }
}
