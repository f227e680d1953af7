using LeadSync.Projector.LegacyView;

namespace LeadSync.Projector.Rebuilds;

internal static class RebuildsRegistration
{
    public static IServiceCollection AddRebuilds(this IServiceCollection services) => services
        .AddSingleton<RebuildLog>()
        .AddSingleton<ViewTables>()
        .AddSingleton<RebuildRanges>()
        .AddSingleton<Swap>()
        .AddSingleton<ViewRebuild>()
        .AddSingleton<RequestedRebuild>()
        .AddSingleton<ViewCheck>()
        .AddHostedService(provider => provider.GetRequiredService<ViewCheck>());
}
