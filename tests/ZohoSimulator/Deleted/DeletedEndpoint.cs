using LeadSync.ZohoSimulator.Clock;
using LeadSync.ZohoSimulator.Fields;
using LeadSync.ZohoSimulator.Gate;
using LeadSync.ZohoSimulator.Leads;
using LeadSync.ZohoSimulator.Records;
using LeadSync.ZohoSimulator.Values;

namespace LeadSync.ZohoSimulator.Deleted;

/// <summary><c>GET /crm/{version}/Leads/deleted</c>.</summary>
internal sealed class DeletedEndpoint(LeadReader leads, FieldCatalogue fields, Dials dials, VirtualClock clock, UserTime time)
{
    public IResult Answer(HttpRequest request)
    {
        var type = request.Query["type"].ToString() is { Length: > 0 } given ? given : "all";
        if (type is not ("all" or "recycle" or "permanent"))
            throw WrongType();

        var page = ListQuery.ReadNumber(request.Query["page"], "page", int.MaxValue, 1);
        var perPage = ListQuery.ReadNumber(request.Query["per_page"], "per_page", 200, 200);
        if (dials.DeletedReach > 0 && (long)page * perPage > dials.DeletedReach)
            throw new ZohoError(400, "DISCRETE_PAGINATION_LIMIT_EXCEEDED", "pagination limit exceeded", new { limit = dials.DeletedReach });

        var since = ListQuery.ReadInstant(request.Headers.IfModifiedSince);
        var found = DeletedRecords.List(
            leads.Deleted().Where(lead => IsSince(lead, since)), type, null, clock.GetUtcNow(), dials.DeletedOldestFirst)
            .Skip((page - 1) * perPage).Take(perPage + 1).ToList();
        if (found.Count == 0)
            return Results.StatusCode(since is not null && dials.NotModifiedStatus ? 304 : 204);

        var shown = found.Take(perPage).Select(Describe).ToList();
        var info = new { per_page = perPage, count = shown.Count, page, more_records = found.Count > perPage };
        return ZohoJson.Answer(new { data = shown, info });
    }

    // Zoho documents neither which time is compared nor whether its own second counts.
    private bool IsSince(Lead lead, DateTimeOffset? since)
    {
        var time = dials.DeletedSinceIsModified ? lead.ModifiedTime : lead.Deletion?.Time;
        return since is null || (dials.DeletedSinceIsExclusive ? time > since : time >= since);
    }

    private ZohoError WrongType() =>
        new(400, "PATTERN_NOT_MATCHED", "Please check whether the input values are correct", new { param_name = "type" })
        {
            Wrapper = dials.DeletedErrorsAreBare ? null : "data",
        };

    private object Describe(DeletedRecord record) => new
    {
        deleted_by = record.Permanent ? null : Name(record.Lead.Deletion!.By),
        id = $"{record.Lead.Id}",
        display_name = record.Permanent ? null : fields["Full_Name"].Of(record.Lead),
        type = record.Permanent ? "permanent" : "recycle",
        created_by = record.Permanent ? null : Name((UserRef)fields["Created_By"].Of(record.Lead)!),
        deleted_time = time.Write(record.DeletedTime),
    };

    private static object Name(UserRef user) => new { name = user.Name, id = user.Id };
}
