using LeadSync.Projector.BulkPages;
using LeadSync.Projector.FullComparisons;
using LeadSync.Projector.Leads;
using LeadSync.Projector.LegacyView;
using LeadSync.Projector.Rebuilds;

namespace LeadSync.Projector;

/// <summary>What the consumers and endpoints work with.</summary>
internal static class ProjectionRegistration
{
    public static IServiceCollection AddProjection(this IServiceCollection services)
    {
        services.AddLeadEventStore();
        return services
            .AddSingleton<LegacyColumns>()
            .AddSingleton<LeadMetrics>()
            .AddSingleton<LeadStore>()
            .AddSingleton<NewLeads>()
            .AddSingleton<LeadHistory>()
            .AddSingleton<ChangeLatency>()
            .AddHostedService(provider => provider.GetRequiredService<ChangeLatency>())
            .AddSingleton<LeadProjection>()
            .AddSingleton<IsolatedFold>()
            // One for all messages: it gathers them.
            .AddSingleton<LeadsChangedConsumer>()
            .AddSingleton<PageComparer>()
            .AddSingleton<PageProjection>()
            .AddSingleton<MissingLeads>()
            .AddRebuilds();
    }
}
