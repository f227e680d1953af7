using LeadSync.Projector.BulkPages;
using LeadSync.Projector.CatchUps;
using LeadSync.Projector.EventTables;
using LeadSync.Projector.Feed;
using LeadSync.Projector.FirstLoad;
using LeadSync.Projector.FullComparisons;
using LeadSync.Projector.Leads;
using LeadSync.Projector.LegacyView;
using LeadSync.Projector.Privacy;
using LeadSync.Projector.Rebuilds;

namespace LeadSync.Projector;

/// <summary>Registers the parts that consumers and endpoints use.</summary>
internal static class ProjectionRegistration
{
    public static IServiceCollection AddProjection(this IServiceCollection services)
    {
        services.AddLeadEventStore();
        return services
            .AddSingleton(Module.Leads)
            .AddSingleton<FieldSets>()
            .AddSingleton<LegacyColumns>()
            .AddSingleton<LegacyViewProjection>()
            .AddSingleton<MisfitValues>()
            .AddHostedService<NewColumns>()
            .AddSingleton<LeadMetrics>()
            .AddSingleton<LeadRegisters>()
            .AddSingleton<LeadFold>()
            .AddSingleton<NewLeads>()
            .AddSingleton<LeadStream>()
            .AddSingleton<LeadHistory>()
            .AddSingleton<Names.Dictionary>()
            .AddHostedService(provider => provider.GetRequiredService<Names.Dictionary>())
            .AddSingleton<Forgotten>()
            .AddSingleton<Forgetting>()
            .AddSingleton<ChangeLatency>()
            .AddHostedService(provider => provider.GetRequiredService<ChangeLatency>())
            .AddSingleton<ILeadProjection, LeadProjection>()
            .AddSingleton<LiveChanges>()
            .AddSingleton<CatchUpPages>()
            .AddSingleton<PageCounts>()
            .AddSingleton<PageComparer>()
            .AddSingleton<Sightings>()
            .AddSingleton<PageProjection>()
            .AddSingleton<MissingFiles>()
            // Transient, so that the HTTP client is renewed.
            .AddTransient<IPageSource, FetchedPages>()
            .AddTransient<ReadyPages>()
            .AddSingleton<IMissingLeads, MissingLeads>()
            .AddSingleton<FullComparison>()
            .AddSingleton(new FeedOptions())
            .AddSingleton<FeedDays>()
            .AddSingleton<MissingChanges>()
            .AddRebuilds();
    }
}
