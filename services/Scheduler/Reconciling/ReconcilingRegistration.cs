using LeadSync.ServiceDefaults;

namespace LeadSync.Scheduler.Reconciling;

internal static class ReconcilingRegistration
{
    public static void AddReconciling(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton(SchedulerOptions.From(new Settings(builder.Configuration)));
        builder.Services.AddSingleton<LeaderLock>();
        builder.Services.AddSingleton<Reconciliation>();
        builder.Services.AddHostedService<Reconciler>();
    }
}
