using System.Text.Json;
using LeadSync.Contracts;
using LeadSync.Gateway.Zoho.Calls;
using LeadSync.Gateway.Zoho.Fields;

namespace LeadSync.Gateway.Zoho.Apis;

/// <summary>Zoho's Records API: reads and lists the module's records.</summary>
internal interface IRecordsApi
{
    /// <summary>Reads some fields of some leads, converted ones too. The answer leaves out leads that cannot be read; the order is Zoho's.
    /// Zoho cuts long texts in lists.</summary>
    /// <param name="ids">At most <see cref="ZohoLimits.IdsPerCall"/>.</param>
    /// <param name="fields">At most <see cref="ZohoLimits.FieldsPerCall"/>; <c>id</c> and <c>Modified_Time</c> come in addition.</param>
    /// <param name="lane">Who waits for the answer.</param>
    /// <exception cref="ZohoException">Zoho did not say, or did not answer.</exception>
    Task<IReadOnlyList<LeadPart>> ReadLeads(
        IReadOnlyCollection<string> ids, IReadOnlyCollection<LeadField> fields, Lane lane, CancellationToken ct);

    /// <summary>Reads one lead with every field; null when Zoho answers with nothing. Zoho probably cuts rich texts here, too.</summary>
    /// <exception cref="ZohoException">Zoho did not say, or did not answer.</exception>
    Task<LeadPart?> ReadLead(string id, IReadOnlyCollection<LeadField> fields, Lane lane, CancellationToken ct);

    /// <summary>Reads rich texts in full. The answer leaves out leads for which Zoho does not show them.</summary>
    /// <param name="ids">At most <see cref="ZohoLimits.IdsPerCall"/>.</param>
    /// <param name="fields">Whose <see cref="LeadField.Detail"/> is <see cref="FieldDetail.RichText"/>.</param>
    /// <param name="lane">Who waits for the answer.</param>
    /// <exception cref="ZohoException">Zoho did not say, or did not answer.</exception>
    Task<IReadOnlyList<LeadPart>> ReadFullTexts(
        IReadOnlyCollection<string> ids, IReadOnlyCollection<LeadField> fields, Lane lane, CancellationToken ct);

    /// <summary>Lists leads modified at or after a second, the earliest first, at most <see cref="ZohoLimits.RowsPerPage"/> a
    /// page.</summary>
    /// <param name="page">1-based.</param>
    /// <exception cref="ZohoException">Zoho did not say, or did not answer.</exception>
    Task<ModifiedPage> ListModified(DateTimeOffset since, int page, CancellationToken ct);

    /// <summary>Lists deleted leads, in the recycle bin or not, at most <see cref="ZohoLimits.RowsPerPage"/> a page, in no promised
    /// order.</summary>
    /// <param name="since">Deleted about then or later; null for all that Zoho still lists.</param>
    /// <param name="page">1-based.</param>
    /// <param name="lane">Who waits for the answer.</param>
    /// <exception cref="ZohoException">Zoho did not say, or did not answer.</exception>
    Task<DeletedPage> ListDeleted(DateTimeOffset? since, int page, Lane lane, CancellationToken ct);
}

/// <summary>The part of a lead that one answer shows.</summary>
/// <param name="ModifiedTime">Null when the answer does not say it.</param>
/// <param name="Fields">Canonical values by API name. A field that the answer does not show is missing; an empty one maps to null.</param>
/// <param name="InvalidField">The API name of a field whose value is not of its type.</param>
internal sealed record LeadPart(
    string Id, DateTimeOffset? ModifiedTime, IReadOnlyDictionary<string, string?> Fields, string? InvalidField = null);

internal sealed record ModifiedPage(IReadOnlyList<ModifiedLead> Leads, bool More);

internal readonly record struct ModifiedLead(string Id, DateTimeOffset? ModifiedTime);

internal sealed record DeletedPage(IReadOnlyList<DeletedLead> Leads, bool More);

internal readonly record struct DeletedLead(string Id, DateTimeOffset? DeletedTime);

internal sealed class RecordsApi(IZohoCalls http, ZohoOptions options) : IRecordsApi
{
    private const int PageSize = ZohoLimits.RowsPerPage;

    // Zoho: without this parameter, leads that wait for an approval may be left out. Zoho no longer documents it for later versions.
    private const string Unapproved = "&approved=both";

    private static readonly ZohoModule Module = ZohoModule.Leads;

    private volatile bool refusesUnapproved;

    private string Path => $"/crm/{options.ApiVersion}/{Module.ApiName}";

    public Task<IReadOnlyList<LeadPart>> ReadLeads(
        IReadOnlyCollection<string> ids, IReadOnlyCollection<LeadField> fields, Lane lane, CancellationToken ct)
    {
        var names = string.Join(',', fields.Select(field => Uri.EscapeDataString(field.ApiName)).Prepend("Modified_Time").Prepend("id"));
        var path = $"{Path}?ids={string.Join(',', ids.Select(Uri.EscapeDataString))}&fields={names}{Module.ListQuery}&per_page={PageSize}";
        return Unhidden(Get("records", path, lane), body => Parts(body, fields), ct);
    }

    public Task<LeadPart?> ReadLead(string id, IReadOnlyCollection<LeadField> fields, Lane lane, CancellationToken ct) => Unhidden(
        Get("record", $"{Path}/{Uri.EscapeDataString(id)}?{Module.ListQuery.TrimStart('&')}", lane),
        body => Parts(body, fields).FirstOrDefault(part => part.Id == id),
        ct);

    public async Task<IReadOnlyList<LeadPart>> ReadFullTexts(
        IReadOnlyCollection<string> ids, IReadOnlyCollection<LeadField> fields, Lane lane, CancellationToken ct)
    {
        var parts = new List<LeadPart>();
        foreach (var some in fields.Chunk(ZohoLimits.FullTextsPerCall))
            parts.AddRange(await FullTexts(
                ids, some, $"fields={string.Join(',', some.Select(field => Uri.EscapeDataString(field.ApiName)))}", lane, ct));
        return [.. parts.GroupBy(part => part.Id)
            .Select(alike => alike.First() with
            {
                Fields = alike.SelectMany(part => part.Fields).DistinctBy(field => field.Key).ToDictionary(),
            })];
    }

    private async Task<List<LeadPart>> FullTexts(
        IReadOnlyCollection<string> ids, LeadField[] fields, string names, Lane lane, CancellationToken ct)
    {
        // Zoho shows the full texts of many leads in v8, and those of one lead in every version since v6.
        var many = Get("full-texts", $"{Path}/actions/fetch_full_data?ids={string.Join(',', ids.Select(Uri.EscapeDataString))}&{names}",
            lane);
        if (options.ApiVersion is not ("v6" or "v7") && await IfThere(many, body => Parts(body, fields), ct) is { } texts)
            return [.. texts];

        var parts = new List<LeadPart>();
        foreach (var id in ids)
        {
            var one = Get("full-texts", $"{Path}/{Uri.EscapeDataString(id)}/actions/fetch_full_data?{names}", lane);
            if (await IfThere(one, body =>
                Rows(body).Select(record => LeadJson.Read(record, fields, id)).OfType<LeadPart>().ToList(), ct) is not { } text)
                break;
            parts.AddRange(text);
        }

        return parts;
    }

    /// <returns>Null when Zoho does not know the call, or refuses it.</returns>
    private async Task<T?> IfThere<T>(ZohoCall call, Func<JsonElement?, T> read, CancellationToken ct)
        where T : class
    {
        try
        {
            return await http.Ask(call, read, ct);
        }
        catch (ZohoException e) when (e.Kind is ZohoErrorKind.NotFound or ZohoErrorKind.Rejected or ZohoErrorKind.Permission)
        {
            return null;
        }
    }

    /// <summary>Asks for leads that wait for an approval as well, unless Zoho does not know the parameter.</summary>
    private async Task<T> Unhidden<T>(ZohoCall call, Func<JsonElement?, T> read, CancellationToken ct)
    {
        if (!refusesUnapproved)
        {
            try
            {
                return await http.Ask(call with { Path = call.Path + Unapproved }, read, ct);
            }
            catch (ZohoException e) when (e.Kind == ZohoErrorKind.Rejected)
            {
                // Zoho may have refused the parameter or something else. The call without the parameter decides.
            }
        }

        var answer = await http.Ask(call, read, ct);
        refusesUnapproved = true;
        return answer;
    }

    public Task<ModifiedPage> ListModified(DateTimeOffset since, int page, CancellationToken ct)
    {
        var path = $"{Path}?fields=id,Modified_Time&sort_by=Modified_Time&sort_order=asc{Module.ListQuery}&per_page={PageSize}&page={page}";
        return Unhidden(
            Get("modified", path, Lane.Background) with { Since = since }, body => new ModifiedPage(Modified(body), More(body)), ct);
    }

    public Task<DeletedPage> ListDeleted(DateTimeOffset? since, int page, Lane lane, CancellationToken ct) => http.Ask(
        Get("deleted", $"{Path}/deleted?type=all&per_page={PageSize}&page={page}", lane) with { Since = since },
        body => new DeletedPage(Deleted(body), More(body)),
        ct);

    private static ZohoCall Get(string name, string path, Lane lane) => new(name, HttpMethod.Get, path, lane);

    private static IReadOnlyList<LeadPart> Parts(JsonElement? body, IReadOnlyCollection<LeadField> fields) =>
        [.. Rows(body).Select(record => LeadJson.Read(record, fields)).OfType<LeadPart>()];

    private static List<ModifiedLead> Modified(JsonElement? body) =>
        [.. Rows(body).Select(row => new ModifiedLead(row.Text("id") ?? "", row.Instant("Modified_Time"))).Where(lead => lead.Id != "")];

    private static List<DeletedLead> Deleted(JsonElement? body) =>
        [.. Rows(body).Select(row => new DeletedLead(row.Text("id") ?? "", row.Instant("deleted_time"))).Where(lead => lead.Id != "")];

    private static IEnumerable<JsonElement> Rows(JsonElement? body) => ZohoError.List(body, "data");

    private static bool More(JsonElement? body) => body?.Get("info")?.Flag("more_records") ?? Rows(body).Count() >= PageSize;
}
