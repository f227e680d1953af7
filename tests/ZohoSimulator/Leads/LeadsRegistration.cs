using LeadSync.ZohoSimulator.Fields;
using LeadSync.ZohoSimulator.Values;
using LeadSync.ZohoSimulator.Watch.Deliveries;

namespace LeadSync.ZohoSimulator.Leads;

internal static class LeadsRegistration
{
    public static void AddLeads(this IServiceCollection services)
    {
        services.AddSingleton<Drift>();
        services.AddSingleton<FieldCatalogue>();
        services.AddSingleton<LeadStore>();
        services.AddSingleton<LeadReader>();
        services.AddSingleton<RecordWriter>();
    }

    /// <summary>Announces changes to channels.</summary>
    public static void AnnounceLeads(this WebApplication app) =>
        app.Services.GetRequiredService<LeadStore>().Announced = app.Services.GetRequiredService<Announcements>().Announce;
}
