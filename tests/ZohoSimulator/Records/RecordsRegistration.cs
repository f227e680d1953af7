using LeadSync.ZohoSimulator.Gate;

namespace LeadSync.ZohoSimulator.Records;

internal static class RecordsRegistration
{
    public static void AddRecords(this IServiceCollection services)
    {
        services.AddSingleton<RecordReads>();
    }

    public static void MapRecords(this IEndpointRouteBuilder crm)
    {
        crm.MapGet("/Leads", (RecordReads reads, HttpContext context) => reads.ListAsync(context)).Call("records.list", 1, ApiCall.LeadsRead);
        crm.MapGet("/Leads/{id:long}", (RecordReads reads, string id, HttpContext context) => reads.SingleAsync(id, context)).Call("records.single", 1, ApiCall.LeadsRead);
    }
}
