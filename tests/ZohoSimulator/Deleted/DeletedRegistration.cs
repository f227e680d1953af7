using LeadSync.ZohoSimulator.Gate;

namespace LeadSync.ZohoSimulator.Deleted;

internal static class DeletedRegistration
{
    public static void AddDeleted(this IServiceCollection services)
    {
        services.AddSingleton<DeletedEndpoint>();
        services.AddSingleton<RecycleBin>();
    }

    public static void MapDeleted(this IEndpointRouteBuilder crm)
    {
        crm.MapGet("/Leads/deleted", (DeletedEndpoint deleted, HttpRequest request) => deleted.Answer(request))
            .Call("deleted", 1, ApiCall.LeadsRead);

        var bin = crm.MapGroup("/settings/recycle_bin");
        bin.MapGet("/", (RecycleBin bin, int page = 1, int per_page = 200) => bin.List(page, per_page))
            .Call("recycleBin.list", 1, Scope("READ"));
        bin.MapGet("/actions/count", (RecycleBin bin) => bin.Count())
            .Call("recycleBin.count", 1, Scope("READ"));
        bin.MapPost("/actions/restore", (RecycleBin bin, HttpRequest request) => bin.RestoreAsync(request))
            .Call("recycleBin.restore", 1, Scope("UPDATE"));
        bin.MapPost("/{id:long}/actions/restore", (RecycleBin bin, string id) => bin.Restore([id]))
            .Call("recycleBin.restore", 1, Scope("UPDATE"));
        bin.MapPost("/actions/empty", (RecycleBin bin) => bin.Empty())
            .Call("recycleBin.empty", 1, Scope("DELETE"));
        bin.MapDelete("/", (RecycleBin bin, string ids) => bin.Purge(ids.Split(',')))
            .Call("recycleBin.purge", 1, Scope("DELETE"));
        bin.MapDelete("/{id:long}", (RecycleBin bin, string id) => bin.Purge([id]))
            .Call("recycleBin.purge", 1, Scope("DELETE"));
    }

    private static string Scope(string verb) => $"ZohoCRM.settings.recycle_bin.{verb}";
}
