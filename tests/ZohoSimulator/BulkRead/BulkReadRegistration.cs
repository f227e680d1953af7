using LeadSync.ZohoSimulator.Gate;

namespace LeadSync.ZohoSimulator.BulkRead;

internal static class BulkReadRegistration
{
    public static void AddBulkRead(this IServiceCollection services)
    {
        services.AddSingleton<BulkCriteria>();
        services.AddSingleton<BulkRequest>();
        services.AddSingleton<BulkPageTokens>();
        services.AddSingleton<BulkStatus>();
        services.AddSingleton<BulkCallbacks>();
        services.AddSingleton<BulkJobs>();
        services.AddSingleton<ResultFile>();
        services.AddSingleton<Download>();
        services.AddSingleton<BulkReadEndpoints>();
    }

    public static void MapBulkRead(this IEndpointRouteBuilder bulk)
    {
        const string scope = "ZohoCRM.bulk.READ";
        bulk.MapPost("/read", (BulkReadEndpoints endpoints, string version, HttpRequest request) => endpoints.Create(version, request))
            .Call("bulk.create", 50, scope, ApiCall.LeadsRead);
        bulk.MapGet("/read/{id}", (BulkReadEndpoints endpoints, string id) => endpoints.Status(id))
            .Call("bulk.status", 1, scope, ApiCall.LeadsRead);
        bulk.MapGet("/read/{id}/result", (Download download, string id, HttpContext context) => download.AnswerAsync(id, context))
            .Call("bulk.download", 1, scope, ApiCall.LeadsRead);
    }
}
