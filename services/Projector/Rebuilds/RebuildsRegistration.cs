namespace LeadSync.Projector.Rebuilds;

internal static class RebuildsRegistration
{
    public static IServiceCollection AddRebuilds(this IServiceCollection services) => services
        .AddSingleton<RebuildLog>()
        .AddSingleton<ViewTables>()
        .AddSingleton<Folding>()
        .AddSingleton<Swap>()
        .AddSingleton<ViewRebuild>()
        .AddSingleton<OrderedRebuild>();
}
