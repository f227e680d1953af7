using System.Text.Json;
using LeadSync.ZohoSimulator.Fields;
using LeadSync.ZohoSimulator.Gate;
using LeadSync.ZohoSimulator.Leads;
using LeadSync.ZohoSimulator.Values;

namespace LeadSync.ZohoSimulator.Records;

/// <summary>
/// Rich texts in full: <c>GET /crm/{version}/Leads/{id}/actions/fetch_full_data</c>, and in v8 <c>GET
/// /crm/v8/Leads/actions/fetch_full_data?ids=…</c> of many.
/// </summary>
internal sealed class FullTexts(LeadReader leads, FieldCatalogue fields, RecordWriter writer, Dials dials)
{
    private const int MostIds = 200;
    private const int MostFields = 8;

    public Task OneAsync(string id, HttpContext context) => AnswerAsync([id], context);

    public Task ManyAsync(HttpContext context)
    {
        var ids = context.Request.Query["ids"].ToString().Split(',', StringSplitOptions.RemoveEmptyEntries);
        if (ids.Length == 0)
            throw ZohoError.MissingParameter("ids");

        return ids.Length <= MostIds
            ? AnswerAsync(ids, context)
            : throw ZohoError.LimitExceeded(new { limit = MostIds, param_name = "ids" });
    }

    private async Task AnswerAsync(IReadOnlyList<string> ids, HttpContext context)
    {
        if (dials.FullTextsAreRefused)
            throw new ZohoError(404, "INVALID_URL_PATTERN", "Please check if the URL trying to access is a correct one");

        var asked = Asked(context.Request.Query["fields"]);
        var found = ids.Select(leads.Find).OfType<Lead>().Where(lead => asked.Any(field => field.Of(lead) is not null)).ToList();
        if (found.Count == 0)
        {
            context.Response.StatusCode = 204;
            return;
        }

        context.Response.ContentType = "application/json;charset=UTF-8";
        await using var json = new Utf8JsonWriter(context.Response.Body, ZohoJson.Writing);
        json.WriteStartObject();
        json.WriteStartArray("data");
        foreach (var lead in found)
            writer.WriteFull(json, lead, asked);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private List<Field> Asked(string? names)
    {
        var rich = fields.Visible.Where(field => field.IsRich);
        if (string.IsNullOrEmpty(names))
            return [.. rich];

        var asked = names.Split(',', StringSplitOptions.TrimEntries);
        return asked.Length <= MostFields
            ? [.. rich.Where(field => asked.Contains(field.ApiName))]
            : throw ZohoError.LimitExceeded(new { limit = MostFields, param_name = "fields" });
    }
}
