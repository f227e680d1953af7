using LeadSync.Projector.BulkPages;
using LeadSync.Projector.Leads;
using LeadSync.Projector.LegacyView;
using LeadSync.Projector.Parking;

namespace LeadSync.Projector;

/// <summary>What the consumers and endpoints work with.</summary>
internal static class ProjectionRegistration
{
    public static IServiceCollection AddProjection(this IServiceCollection services)
    {
        services.AddLeadEventStore();
        return services
            .AddSingleton<LegacyColumns>()
            .AddSingleton<LeadStore>()
            .AddSingleton<NewLeads>()
            .AddSingleton<LeadHistory>()
            .AddSingleton<LeadProjection>()
            .AddSingleton<PageComparer>()
            .AddSingleton<PageProjection>()
            .AddSingleton<ParkingLot>();
    }
}
