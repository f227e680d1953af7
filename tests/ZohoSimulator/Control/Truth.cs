using System.Text.Json;
using LeadSync.ZohoSimulator.Clock;
using LeadSync.ZohoSimulator.Gate;
using LeadSync.ZohoSimulator.Leads;
using LeadSync.ZohoSimulator.Values;

namespace LeadSync.ZohoSimulator.Control;

/// <summary>The true leads, whatever the API shows. Tests compare the view with them.</summary>
internal sealed class Truth(LeadStore store, RecordWriter writer, UserTime time)
{
    /// <summary>All leads that ever existed, one JSON object a line, by id.</summary>
    /// <param name="after">Only leads with greater ids.</param>
    public async Task ListAsync(HttpContext context, long after = 0, int limit = int.MaxValue)
    {
        context.Response.ContentType = "application/x-ndjson";
        var body = context.Response.BodyWriter;
        var written = 0;
        for (var slot = 0; slot < store.Leads.Count && written < limit; slot++)
        {
            if (store.Leads[slot] is not { } lead || lead.Id <= after)
                continue;

            using (var json = new Utf8JsonWriter(body, ZohoJson.Writing))
                Write(json, lead);
            body.GetSpan(1)[0] = (byte)'\n';
            body.Advance(1);
            if (++written % 50 == 0)
                await body.FlushAsync(context.RequestAborted);
        }

        await body.FlushAsync(context.RequestAborted);
    }

    public async Task SingleAsync(HttpContext context, long id)
    {
        if (store.Leads.Find(id) is not { } lead)
        {
            context.Response.StatusCode = 404;
            return;
        }

        context.Response.ContentType = "application/json;charset=UTF-8";
        using (var json = new Utf8JsonWriter(context.Response.BodyWriter, ZohoJson.Writing))
            Write(json, lead);
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    private void Write(Utf8JsonWriter json, Lead lead)
    {
        json.WriteStartObject();
        json.WriteString("id", $"{lead.Id}");
        json.WriteString("state", $"{lead.State}");
        json.WriteBoolean("alive", lead.State == LeadState.Active);
        json.WriteBoolean("converted", lead.Conversion is not null);
        json.WriteString("Modified_Time", time.Write(lead.ModifiedTime));
        json.WriteString("deleted_time", lead.Deletion is { } deletion ? time.Write(deletion.Time) : null);
        json.WritePropertyName("record");
        writer.WriteTruth(json, lead);
        json.WriteEndObject();
    }
}
