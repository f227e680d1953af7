using LeadSync.ZohoSimulator.Gate;

namespace LeadSync.ZohoSimulator.Deleted;

internal static class DeletedRegistration
{
    public static void AddDeleted(this IServiceCollection services)
    {
        services.AddSingleton<DeletedEndpoint>();
    }

    public static void MapDeleted(this IEndpointRouteBuilder crm)
    {
        crm.MapGet("/Leads/deleted", (DeletedEndpoint deleted, HttpRequest request) => deleted.Answer(request)).Call("deleted", 1, ApiCall.LeadsRead);
    }
}
