using LeadSync.ZohoSimulator.Gate;

namespace LeadSync.ZohoSimulator.Coql;

internal static class CoqlRegistration
{
    public static void AddCoql(this IServiceCollection services)
    {
        services.AddSingleton<CoqlParser>();
        services.AddSingleton<CoqlEndpoint>();
    }

    public static void MapCoql(this IEndpointRouteBuilder crm) =>
        crm.MapPost("/coql", (CoqlEndpoint coql, string version, HttpContext context) => coql.AnswerAsync(version, context))
            .Call("coql", 1, "ZohoCRM.coql.READ", "ZohoCRM.settings.fields.READ", ApiCall.LeadsRead)
            .Expensive();
}
