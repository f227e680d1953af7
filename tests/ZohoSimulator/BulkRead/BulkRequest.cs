using System.Text.Json;
using LeadSync.ZohoSimulator.Criteria;
using LeadSync.ZohoSimulator.Fields;
using LeadSync.ZohoSimulator.Gate;
using LeadSync.ZohoSimulator.Watch;

namespace LeadSync.ZohoSimulator.BulkRead;

/// <summary>The parameters of a bulk read, the same for all pages.</summary>
/// <param name="Echo">The query as the status repeats it.</param>
/// <param name="Chosen">The requested columns; null for all.</param>
internal sealed record BulkQuery(Dictionary<string, object> Echo, IReadOnlyList<Column>? Chosen, Condition Criteria);

/// <summary>Reads the body of <c>POST /crm/bulk/{version}/read</c>.</summary>
internal sealed class BulkRequest(FieldCatalogue fields, BulkCriteria criteria, Dials dials)
{
    private const int MostFields = 200;

    public Uri? ReadCallback(JsonElement body)
    {
        if (body.Member("callback") is not { } callback)
            return null;
        if (dials.BulkCallbackRefusal.Length > 0)
            throw BulkError.Refused(dials.BulkCallbackRefusal);

        var given = callback.Member("url") ?? throw ZohoError.Mandatory(new { api_name = "url" });
        if (callback.Member("method") is { } method && !$"{method}".Equals("post", StringComparison.OrdinalIgnoreCase))
            throw BulkError.Refused("INVALID_CALLBACK_METHOD", new { supported_callback_methods = new[] { "post" } });

        return Uri.TryCreate($"{given}", UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
            ? url
            : throw BulkError.Refused("INVALID_CALLBACK_URL");
    }

    public static int ReadPage(JsonElement query, int most)
    {
        if (query.Member("page") is not { } given)
            return 1;
        if (!int.TryParse($"{given}", out var page) || page < 1)
            throw ZohoError.InvalidData(new { api_name = "page", expected_data_type = "integer" });

        return page <= most ? page : throw BulkError.Refused("PAGE_RANGE_EXCEEDED", new { max_limit = most });
    }

    public BulkQuery ReadQuery(JsonElement query)
    {
        var module = query.Member("module")?.Member("api_name") ?? throw ZohoError.Mandatory(new { api_name = "module" });
        if ($"{module}" != "Leads")
            throw BulkError.Refused("MODULE_NOT_AVAILABLE", new { api_name = $"{module}" });
        if (query.Member("cvid") is not null)
            throw BulkError.Refused("CVID_NOT_SUPPORTED");

        var echo = new Dictionary<string, object> { ["module"] = new { id = WatchedModule.Find("Leads")!.Id, api_name = "Leads" } };
        foreach (var name in new[] { "fields", "criteria" })
        {
            if (query.Member(name) is { } given)
                echo[name] = given;
        }

        return new BulkQuery(echo, ReadFields(query), query.Member("criteria") is { } conditions ? criteria.Read(conditions) : _ => true);
    }

    // Zoho: no fields, or more than 200, exports all of them.
    private List<Column>? ReadFields(JsonElement query)
    {
        if (query.Items("fields") is not { Count: > 0 and <= MostFields } asked)
            return null;

        var columns = asked.Select(name => ReadField($"{name}")).ToList();
        return columns.Exists(column => column.Field == fields.Id) ? columns : [new Column(fields.Id, null), .. columns];
    }

    private Column ReadField(string name)
    {
        var column = Column.Find(fields, name == "Id" ? "id" : name)
            ?? throw BulkError.Refused("FIELD_NOT_AVAILABLE", new { api_name = name });
        return column.Field.Exported ? column : throw BulkError.Refused("FIELD_NOT_SUPPORTED", new { api_name = name });
    }
}
