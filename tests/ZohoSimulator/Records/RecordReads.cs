using System.Text.Json;
using LeadSync.ZohoSimulator.Clock;
using LeadSync.ZohoSimulator.Fields;
using LeadSync.ZohoSimulator.Gate;
using LeadSync.ZohoSimulator.Leads;
using LeadSync.ZohoSimulator.Values;

namespace LeadSync.ZohoSimulator.Records;

/// <summary><c>GET /crm/{version}/Leads</c> and <c>GET /crm/{version}/Leads/{id}</c>.</summary>
internal sealed class RecordReads(
    LeadReader leads, FieldCatalogue fields, RecordWriter writer, Dials dials, VirtualClock clock, UserTime time)
{
    public async Task ListAsync(HttpContext context)
    {
        var query = ListQuery.Read(context.Request, fields, dials);
        var token = query.PageToken is { } text ? ListToken.Read(text, query, clock.GetUtcNow()) : null;
        var page = ListPage.Take(query, token, leads);
        if (page.Leads.Count == 0)
        {
            context.Response.StatusCode = query.ModifiedSince is not null && dials.NotModifiedStatus ? 304 : 204;
            return;
        }

        await WriteAsync(context, json => WriteList(json, query, page));
    }

    public async Task SingleAsync(string id, HttpContext context)
    {
        if (dials.ApprovedIsRefused)
            ListQuery.ReadApproved(context.Request.Query["approved"], dials);
        if (leads.Find(id) is { } lead)
        {
            await WriteAsync(context, json => WriteSingle(json, lead));
            return;
        }

        if (dials.MissingRecordStatus != 204)
            throw ZohoError.UnknownId(new { resource_path_index = 1 }, dials.MissingRecordStatus);
        context.Response.StatusCode = 204;
    }

    private static async Task WriteAsync(HttpContext context, Action<Utf8JsonWriter> write)
    {
        context.Response.ContentType = "application/json;charset=UTF-8";
        using (var json = new Utf8JsonWriter(context.Response.BodyWriter, ZohoJson.Writing))
            write(json);
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    private void WriteSingle(Utf8JsonWriter json, Lead lead)
    {
        json.WriteStartObject();
        json.WriteStartArray("data");
        writer.WriteWhole(json, lead);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private void WriteList(Utf8JsonWriter json, ListQuery query, ListPage page)
    {
        json.WriteStartObject();
        json.WriteStartArray("data");
        foreach (var lead in page.Leads)
            writer.WriteListed(json, lead, query.Fields);
        json.WriteEndArray();
        json.WritePropertyName("info");
        JsonSerializer.Serialize(json, Info(query, page), ZohoJson.Options);
        json.WriteEndObject();
    }

    private object Info(ListQuery query, ListPage page)
    {
        var expires = clock.Second() + dials.PageTokenLife;
        var last = page.Leads[^1];
        var next = page.MoreRecords
            ? new ListToken(ListPage.SortKey(last, query), last.Id, page.Page, query.Binding, expires).Write()
            : null;
        return new
        {
            call = false,
            per_page = query.PerPage,
            next_page_token = next,
            count = page.Leads.Count,
            sort_by = query.SortBy,
            page = page.Page,
            previous_page_token = (string?)null,
            page_token_expiry = page.MoreRecords ? time.Write(expires) : null,
            sort_order = query.Descending ? "desc" : "asc",
            email = false,
            more_records = page.MoreRecords,
        };
    }
}
