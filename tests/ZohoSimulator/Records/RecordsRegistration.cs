using LeadSync.ZohoSimulator.Criteria;
using LeadSync.ZohoSimulator.Gate;

namespace LeadSync.ZohoSimulator.Records;

internal static class RecordsRegistration
{
    public static void AddRecords(this IServiceCollection services)
    {
        services.AddSingleton<RecordReads>();
        services.AddSingleton<FullTexts>();
        services.AddSingleton<RecordWrites>();
        services.AddSingleton<UpsertEndpoint>();
        services.AddSingleton<WriteItem>();
        services.AddSingleton<WriteAnswer>();
        services.AddSingleton<ConvertEndpoint>();
        services.AddSingleton<CountEndpoint>();
        services.AddSingleton<SearchCriteria>();
    }

    public static void MapRecords(this IEndpointRouteBuilder crm)
    {
        const string one = "/Leads/{id:long}";
        crm.MapGet("/Leads", (RecordReads reads, HttpContext context) => reads.ListAsync(context))
            .Call("records.list", 1, ApiCall.LeadsRead)
            .Expensive(request => request.Query.ContainsKey("sort_by"));
        crm.MapGet(one, (RecordReads reads, string id, HttpContext context) => reads.SingleAsync(id, context))
            .Call("records.single", 1, ApiCall.LeadsRead);
        crm.MapGet($"{one}/actions/fetch_full_data", (FullTexts texts, string id, HttpContext context) => texts.OneAsync(id, context))
            .Call("records.full", 1, ApiCall.LeadsRead);
        crm.MapGet("/Leads/actions/fetch_full_data", (FullTexts texts, string version, HttpContext context) => version == "v8"
                ? texts.ManyAsync(context)
                : throw new ZohoError(404, "INVALID_URL_PATTERN", "Please check if the URL trying to access is a correct one"))
            .Call("records.full", 1, ApiCall.LeadsRead);
        crm.MapGet("/Leads/actions/count", (CountEndpoint count, string? criteria, string? cvid) => count.Answer(criteria, cvid))
            .Call("count", 1, "ZohoSearch.securesearch.READ", ApiCall.LeadsRead);

        MapOtherModules(crm);

        crm.MapPost("/Leads", (RecordWrites writes, HttpRequest request) => writes.Create(request))
            .Call("records.create", 1, Scope("CREATE"));
        crm.MapPost("/Leads/upsert", (UpsertEndpoint upsert, HttpRequest request) => upsert.AnswerAsync(request))
            .Call("records.upsert", 1, Scope("CREATE"), Scope("UPDATE"));
        crm.MapPut("/Leads", (RecordWrites writes, HttpRequest request) => writes.Update(request, null))
            .Call("records.update", 1, Scope("UPDATE"));
        crm.MapPut(one, (RecordWrites writes, string id, HttpRequest request) => writes.Update(request, id))
            .Call("records.update", 1, Scope("UPDATE"));
        crm.MapDelete("/Leads", (RecordWrites writes, string ids) => writes.Delete(ids))
            .Call("records.delete", 1, Scope("DELETE"));
        crm.MapDelete(one, (RecordWrites writes, string id) => writes.Delete(id))
            .Call("records.delete", 1, Scope("DELETE"));
        crm.MapPost($"{one}/actions/convert", (ConvertEndpoint convert, long id, HttpRequest request) => convert.AnswerAsync(id, request))
            .Call("records.convert", 5, Scope("CREATE")).Expensive();
    }

    private static void MapOtherModules(IEndpointRouteBuilder crm)
    {
        static IResult Unknown(string? wrapper) =>
            throw new ZohoError(400, "INVALID_MODULE", "the module name given seems to be invalid", new { resource_path_index = 0 })
            {
                Wrapper = wrapper,
            };

        crm.MapGet("/{module}", () => Unknown(null))
            .Call("records.list", 1);
        crm.MapGet("/{module}/deleted", () => Unknown("data"))
            .Call("deleted", 1);
    }

    private static string Scope(string verb) => $"ZohoCRM.modules.leads.{verb}";
}
