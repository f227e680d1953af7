using System.Text.Json;
using LeadSync.ZohoSimulator.Criteria;
using LeadSync.ZohoSimulator.Fields;
using LeadSync.ZohoSimulator.Gate;

namespace LeadSync.ZohoSimulator.BulkRead;

/// <summary>What a bulk read asks for, all pages alike.</summary>
/// <param name="Echo">The query as the status shows it.</param>
/// <param name="Chosen">The columns; null for all.</param>
internal sealed record BulkQuery(Dictionary<string, object> Echo, IReadOnlyList<Column>? Chosen, Condition Criteria);

/// <summary>Reads the body of <c>POST /crm/bulk/{version}/read</c>.</summary>
internal sealed class BulkRequest(FieldCatalogue fields, BulkCriteria criteria)
{
    private const int MostFields = 200;

    public static Uri? ReadCallback(JsonElement body)
    {
        if (!body.TryGetProperty("callback", out var callback) || callback.ValueKind == JsonValueKind.Null)
            return null;
        if (!callback.TryGetProperty("url", out var given))
            throw ZohoError.Mandatory(new { api_name = "url" });
        if (callback.TryGetProperty("method", out var method) && !$"{method}".Equals("post", StringComparison.OrdinalIgnoreCase))
            throw new ZohoError(400, "INVALID_CALLBACK_METHOD", "invalid callback method", new { supported_callback_methods = new[] { "post" } });

        return Uri.TryCreate($"{given}", UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
            ? url
            : throw new ZohoError(400, "INVALID_CALLBACK_URL", "invalid callback url");
    }

    public static int ReadPage(JsonElement query, int most)
    {
        if (!query.TryGetProperty("page", out var given))
            return 1;
        if (!int.TryParse($"{given}", out var page) || page < 1)
            throw ZohoError.InvalidData(new { api_name = "page", expected_data_type = "integer" });

        return page <= most ? page : throw new ZohoError(400, "PAGE_RANGE_EXCEEDED", "page range exceeded", new { max_limit = most });
    }

    public BulkQuery ReadQuery(JsonElement query)
    {
        if (!query.TryGetProperty("module", out var module) || module.ValueKind != JsonValueKind.Object || !module.TryGetProperty("api_name", out var name))
            throw ZohoError.Mandatory(new { api_name = "module" });
        if ($"{name}" != "Leads")
            throw new ZohoError(400, "MODULE_NOT_AVAILABLE", "module not available", new { api_name = $"{name}" });
        if (query.TryGetProperty("cvid", out _))
            throw new ZohoError(400, "CVID_NOT_SUPPORTED", "cvid not supported");

        var echo = new Dictionary<string, object> { ["module"] = new { id = Watch.WatchedModule.Find("Leads")!.Id, api_name = "Leads" } };
        if (query.TryGetProperty("fields", out var asked))
            echo["fields"] = asked;
        if (query.TryGetProperty("criteria", out var given))
            echo["criteria"] = given;
        return new BulkQuery(echo, ReadFields(asked), given.ValueKind == JsonValueKind.Undefined ? _ => true : criteria.Read(given));
    }

    // Zoho: no fields, or more than 200, exports all of them.
    private List<Column>? ReadFields(JsonElement asked)
    {
        if (asked.ValueKind != JsonValueKind.Array || asked.GetArrayLength() is 0 or > MostFields)
            return null;

        var columns = asked.EnumerateArray().Select(name => ReadField($"{name}")).ToList();
        return columns.Exists(column => column.Field == fields.Id) ? columns : [new Column(fields.Id, null), .. columns];
    }

    private Column ReadField(string name)
    {
        var column = Column.Find(fields, name == "Id" ? "id" : name) ?? throw new ZohoError(400, "FIELD_NOT_AVAILABLE", "the field is not available", new { api_name = name });
        return column.Field.Exported ? column : throw new ZohoError(400, "FIELD_NOT_SUPPORTED", "the field is not supported", new { api_name = name });
    }
}
