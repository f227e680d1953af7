using System.Text.Json;
using LeadSync.ZohoSimulator.Clock;
using LeadSync.ZohoSimulator.Fields;
using LeadSync.ZohoSimulator.Gate;
using LeadSync.ZohoSimulator.Leads;
using LeadSync.ZohoSimulator.Values;

namespace LeadSync.ZohoSimulator.Coql;

/// <summary><c>POST /crm/{version}/coql</c>.</summary>
internal sealed class CoqlEndpoint(CoqlParser parser, LeadReader leads, Credits credits, Dials dials, UserTime time)
{
    public async Task AnswerAsync(string version, HttpContext context)
    {
        var body = await ZohoJson.BodyAsync(context.Request);
        var text = body.Member("select_query") ?? throw ZohoError.Mandatory(new { api_name = "select_query" });

        // Zoho: 10,000 rows in older versions, 100,000 since v7.
        var query = parser.Parse($"{text}", version == "v6" ? 10_000 : 100_000);
        credits.Charge(query.Limit switch { <= 200 => 0, <= 1000 => 1, _ => 2 });
        var (rows, more) = query.Run(leads.Living().Where(lead => dials.CoqlIncludesConverted || lead.Conversion is null));
        if (rows.Count == 0)
        {
            context.Response.StatusCode = 204;
            return;
        }

        context.Response.ContentType = "application/json;charset=UTF-8";
        using (var json = new Utf8JsonWriter(context.Response.BodyWriter, ZohoJson.Writing))
            Write(json, query, rows, more);
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    private void Write(Utf8JsonWriter json, CoqlQuery query, IReadOnlyList<Lead> rows, bool more)
    {
        json.WriteStartObject();
        json.WriteStartArray("data");
        foreach (var lead in rows)
            WriteRow(json, query.Columns, lead);
        json.WriteEndArray();
        json.WriteStartObject("info");
        json.WriteNumber("count", rows.Count);
        json.WriteBoolean("more_records", more);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private void WriteRow(Utf8JsonWriter json, IReadOnlyList<Column> columns, Lead lead)
    {
        json.WriteStartObject();
        foreach (var column in columns)
        {
            if (column.Field.ApiName != "id")
                WriteCell(json, column, lead);
        }

        json.WriteString("id", $"{lead.Id}");
        json.WriteEndObject();
    }

    // Zoho: users and other records come only with their id, unless the query names a part of them.
    private void WriteCell(Utf8JsonWriter json, Column column, Lead lead)
    {
        json.WritePropertyName(column.Header);
        var value = column.Of(lead);
        if (value is not (UserRef or LookupRef))
        {
            JsonValue.Write(json, value, time);
            return;
        }

        json.WriteStartObject();
        json.WriteString("id", value is UserRef user ? user.Id : ((LookupRef)value).Id);
        json.WriteEndObject();
    }
}
