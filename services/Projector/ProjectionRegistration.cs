using LeadSync.Projector.BulkPages;
using LeadSync.Projector.Leads;
using LeadSync.Projector.LegacyView;
using LeadSync.Projector.Parking;
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
            .AddSingleton<LeadStore>()
            .AddSingleton<LeadHistory>()
            .AddSingleton<LeadProjection>()
            .AddSingleton<PageProjection>()
            .AddSingleton<ParkingLot>()
            .AddRebuilds();
    }
}
