using System.Text.Json;
using LeadSync.Contracts;

namespace LeadSync.Gateway.Zoho;

internal sealed partial class HttpZoho
{
    private const int PageSize = 200;

    private string Leads => $"/crm/{options.ApiVersion}/Leads";

    public Task<IReadOnlyList<LeadPart>> ReadLeads(
        IReadOnlyCollection<string> ids, IReadOnlyCollection<LeadField> fields, CancellationToken ct)
    {
        var names = string.Join(',', fields.Select(field => Uri.EscapeDataString(field.ApiName)).Prepend("Modified_Time").Prepend("id"));
        // Zoho: converted leads are left out unless asked for.
        var path = $"{Leads}?ids={string.Join(',', ids.Select(Uri.EscapeDataString))}&fields={names}&converted=both&per_page={PageSize}";
        return Ask(new Call("records", HttpMethod.Get, path), body => Parts(body, fields), ct);
    }

    public Task<LeadPart?> ReadLead(string id, IReadOnlyCollection<LeadField> fields, CancellationToken ct) =>
        Ask(
            new Call("record", HttpMethod.Get, $"{Leads}/{Uri.EscapeDataString(id)}"),
            body => Parts(body, fields).FirstOrDefault(part => part.Id == id),
            ct);

    public Task<ModifiedPage> ListModified(DateTimeOffset since, int page, CancellationToken ct)
    {
        var path = $"{Leads}?fields=id,Modified_Time&sort_by=Modified_Time&sort_order=asc&converted=both&per_page={PageSize}&page={page}";
        return Ask(new Call("modified", HttpMethod.Get, path, Since: since), body => new ModifiedPage(Modified(body), More(body)), ct);
    }

    public Task<DeletedPage> ListDeleted(DateTimeOffset? since, int page, CancellationToken ct)
    {
        var path = $"{Leads}/deleted?type=all&per_page={PageSize}&page={page}";
        return Ask(new Call("deleted", HttpMethod.Get, path, Since: since), body => new DeletedPage(Deleted(body), More(body)), ct);
    }

    private static IReadOnlyList<LeadPart> Parts(JsonElement? body, IReadOnlyCollection<LeadField> fields) =>
        [.. Rows(body).Select(record => LeadJson.Read(record, fields)).OfType<LeadPart>()];

    private static List<ModifiedLead> Modified(JsonElement? body) =>
        [.. Rows(body).Select(row => new ModifiedLead(row.Text("id") ?? "", row.Instant("Modified_Time"))).Where(lead => lead.Id != "")];

    private static List<DeletedLead> Deleted(JsonElement? body) =>
        [.. Rows(body).Select(row => new DeletedLead(row.Text("id") ?? "", row.Instant("deleted_time"))).Where(lead => lead.Id != "")];

    private static IEnumerable<JsonElement> Rows(JsonElement? body) => body?.Items("data") ?? [];

    private static bool More(JsonElement? body) => body?.Get("info")?.Flag("more_records") ?? Rows(body).Count() >= PageSize;
}
