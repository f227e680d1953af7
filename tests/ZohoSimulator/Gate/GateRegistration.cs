namespace LeadSync.ZohoSimulator.Gate;

internal static class GateRegistration
{
    public static void AddGate(this IServiceCollection services)
    {
        services.AddSingleton<Errors>();
        services.AddSingleton<ApiGate>();
        services.AddSingleton<Credits>();
        services.AddSingleton<Concurrency>();
        services.AddSingleton<Faults>();
    }

    public static void UseGate(this WebApplication app)
    {
        app.UseMiddleware<Errors>();
        app.UseRouting();
        app.UseMiddleware<ApiGate>();
    }
}
