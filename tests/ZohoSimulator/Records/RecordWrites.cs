using System.Text.Json;
using LeadSync.ZohoSimulator.Clock;
using LeadSync.ZohoSimulator.Gate;
using LeadSync.ZohoSimulator.Leads;

namespace LeadSync.ZohoSimulator.Records;

/// <summary>Creates, updates and deletes leads through the API.</summary>
internal sealed class RecordWrites(LeadStore store, LeadReader leads, WriteItem items, WriteAnswer answer, Credits credits)
{
    private const int MostItems = 100;

    public Task<IResult> Create(HttpRequest request) =>
        EachAsync(request, 201, (item, at) => answer.Added(store.Create(items.ReadNew(item, at), blank: true)));

    public Task<IResult> Update(HttpRequest request, string? id) => EachAsync(request, 200, (item, at) =>
    {
        var lead = leads.Find(id ?? WriteItem.ReadId(item, at)) ?? throw NoSuchLead();
        RequireUnmodified(lead, request);
        return answer.Updated(store.Edit(lead.Id, items.Read(item), by: Users.Api) ?? throw NoSuchLead());
    });

    public IResult Delete(string ids)
    {
        var asked = ids.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (asked.Length > MostItems)
            throw ZohoError.LimitExceeded(new { limit = MostItems, param_name = "ids" });

        return Batch.Answer("data", [.. asked.Select(id => Batch.Attempt(() => DeleteOne(id)))], 200, wrapSingle: true);
    }

    private async Task<IResult> EachAsync(HttpRequest request, int success, Func<JsonElement, int, object> perform)
    {
        var data = await Batch.ReadAsync(request, "data", MostItems);
        credits.Charge((data.Count - 1) / 10);
        return Batch.Answer("data", [.. data.Select((item, at) => Batch.Attempt(() => perform(item, at)))], success, wrapSingle: true);
    }

    private static ZohoError NoSuchLead() => ZohoError.UnknownId(new { api_name = "id" });

    private static void RequireUnmodified(Lead lead, HttpRequest request)
    {
        if (Instants.TryRead(request.Headers.IfUnmodifiedSince, out var since) && lead.ModifiedTime > since)
            throw new ZohoError(412, "ALREADY_MODIFIED", "the record has been modified already", new { id = $"{lead.Id}" });
    }

    private object DeleteOne(string id) =>
        long.TryParse(id, out var number) && leads.Find(id) is not null && store.Delete(number) is not null
            ? Batch.Success("record deleted", new { id })
            : throw new ZohoError(400, "INVALID_DATA", "record not deleted", new { id });
}
