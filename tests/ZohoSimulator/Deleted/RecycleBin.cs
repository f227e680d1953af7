using LeadSync.ZohoSimulator.Clock;
using LeadSync.ZohoSimulator.Fields;
using LeadSync.ZohoSimulator.Gate;
using LeadSync.ZohoSimulator.Leads;

namespace LeadSync.ZohoSimulator.Deleted;

/// <summary><c>/crm/{version}/settings/recycle_bin</c>: deleted leads that can come back.</summary>
internal sealed class RecycleBin(LeadStore store, LeadReader leads, FieldCatalogue fields, Dials dials, VirtualClock clock, UserTime time)
{
    public IResult List(int page = 1, int per_page = 200)
    {
        var found = Recycled().Skip((page - 1) * per_page).Take(per_page + 1).ToList();
        var shown = found.Take(per_page).Select(Describe).ToList();
        var info = new { per_page, count = shown.Count, page, more_records = found.Count > per_page };
        return shown.Count == 0 ? Results.NoContent() : ZohoJson.Answer(new { recycle_bin = shown, info });
    }

    public IResult Count() => ZohoJson.Answer(new { count = Recycled().Count() });

    /// <summary>Zoho: named records at once, all or filtered ones in the background.</summary>
    public async Task<IResult> RestoreAsync(HttpRequest request)
    {
        if ((await ZohoJson.BodyAsync(request)).Items("ids") is { } ids)
            return Restore([.. ids.Select(id => $"{id}")]);

        foreach (var record in Recycled().ToList())
            Restore(record.Lead.Id);
        return Answer(new { code = "SCHEDULED", details = new { }, message = "restore scheduled", status = "success" }, 202);
    }

    public IResult Restore(IReadOnlyList<string> ids) => Each(ids, "record restored", Restore);

    public IResult Purge(IReadOnlyList<string> ids) => Each(ids, "record deleted permanently", store.Purge);

    public IResult Empty()
    {
        foreach (var record in Recycled().ToList())
            store.Purge(record.Lead.Id);
        return Answer(Batch.Success("recycle bin emptied", new { }));
    }

    private static IResult Answer(object result, int status = 200) => ZohoJson.Answer(new { recycle_bin = new[] { result } }, status);

    private IResult Each(IReadOnlyList<string> ids, string message, Func<long, Lead?> change) =>
        Batch.Answer("recycle_bin", [.. ids.Select(id => Batch.Attempt(() => One(id, message, change)))], 200, wrapSingle: true);

    private object One(string id, string message, Func<long, Lead?> change)
    {
        var isThere = long.TryParse(id, out var number) && store.Leads.Find(number) is { } lead
            && DeletedRecords.CanBeRestored(lead, clock.GetUtcNow());
        return isThere && change(number) is not null ? Batch.Success(message, new { id }) : throw ZohoError.InvalidData(new { id });
    }

    private Lead? Restore(long id) => store.Restore(id, dials.RestoreAnnounces, dials.RestoreMovesModifiedTime);

    private IEnumerable<DeletedRecord> Recycled() =>
        DeletedRecords.List(leads.Deleted(), "recycle", null, clock.GetUtcNow(), oldestFirst: false);

    private object Describe(DeletedRecord record) => new
    {
        id = $"{record.Lead.Id}",
        display_name = fields["Full_Name"].Of(record.Lead),
        module = new { api_name = "Leads" },
        deleted_by = new { name = record.Lead.Deletion!.By.Name, id = record.Lead.Deletion!.By.Id },
        deleted_time = time.Write(record.DeletedTime),
    };
}
