using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using LeadSync.Benchmarks.Leads;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace LeadSync.Benchmarks.Stack;

/// <summary>Answers the few calls to Zoho's API that a benchmark needs at once, from memory or from a file.</summary>
internal sealed class InstantZoho
{
    private readonly ConcurrentDictionary<string, string> files = new();
    private readonly ConcurrentDictionary<string, byte[]> leads = new();

    /// <summary>The channel that the gateway opened last.</summary>
    public (string Id, string Token, Uri NotifyUrl)? Channel { get; private set; }

    public void Offer(string jobId, string zip) => files[jobId] = zip;

    /// <summary>Sets the content of a lead from now on.</summary>
    public void Show(string id, byte[] record) => leads[id] = record;

    public void Map(WebApplication app)
    {
        app.MapPost("/oauth/v2/token", () => Results.Json(new { access_token = "1000.bench", expires_in = 3600, token_type = "Bearer" }));
        app.MapGet("/crm/v8/settings/fields", () => Results.Json(new { fields = Fields() }));
        app.MapGet("/crm/bulk/v8/read/{job}/result", (string job) => Results.File(files[job], "application/x-download"));
        app.MapMethods("/crm/v8/actions/watch", ["POST", "PUT"], Watch);
        app.MapGet("/crm/v8/Leads", Records);
    }

    private static IEnumerable<object> Fields() =>
        LeadColumns.All.Select(column => new
        {
            api_name = column.ApiName,
            data_type = column.DataType,
            json_type = column.DataType == "multiselectpicklist" ? "jsonarray" : "string",
            pick_list_values = (column.Choices ?? []).Select(choice => new { actual_value = choice, display_value = choice }),
        });

    private IResult Watch(JsonElement request)
    {
        var entry = request.GetProperty("watch")[0];
        var expiry = entry.GetProperty("channel_expiry").GetString();
        var id = $"{entry.GetProperty("channel_id")}";
        Channel = (id, entry.GetProperty("token").GetString()!, new Uri(entry.GetProperty("notify_url").GetString()!));
        var events = new[] { new { channel_expiry = expiry, resource_name = "Leads", channel_id = id } };
        return Results.Json(new { watch = new[] { new { code = "SUCCESS", status = "success", message = "", details = new { events } } } });
    }

    private async Task Records(HttpContext http, string ids)
    {
        http.Response.ContentType = "application/json;charset=UTF-8";
        var body = http.Response.BodyWriter;
        Write("{\"data\":["u8);
        var first = true;
        foreach (var id in ids.Split(','))
        {
            if (!leads.TryGetValue(id, out var record))
                continue;
            if (!first)
                Write(","u8);
            first = false;
            Write(record);
        }

        Write("],\"info\":{\"more_records\":false}}"u8);
        await body.FlushAsync(http.RequestAborted);

        void Write(ReadOnlySpan<byte> bytes)
        {
            bytes.CopyTo(body.GetSpan(bytes.Length));
            body.Advance(bytes.Length);
        }
    }

    /// <summary>A lead as the Records API shows it.</summary>
    public static byte[] Record(string id, DateTimeOffset modifiedTime, IEnumerable<string> cells)
    {
        var record = new JsonObject { ["id"] = id, ["Modified_Time"] = LeadColumns.Instant(modifiedTime.UtcDateTime) };
        foreach (var (column, cell) in LeadColumns.All.Zip(cells))
            record[column.ApiName] = column.Json(cell);
        return Encoding.UTF8.GetBytes(record.ToJsonString());
    }
}
