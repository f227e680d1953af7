using LeadSync.Scheduler.Status;
using Marten;

namespace LeadSync.Scheduler;

internal static class Schema
{
    /// <summary>Brings the schema <c>scheduler</c> and the table <c>legacy.sync_status</c> up to date.</summary>
    public static async Task MigrateAsync(IServiceProvider services, CancellationToken cancellation)
    {
        await services.GetRequiredService<IDocumentStore>().Storage.ApplyAllConfiguredChangesToDatabaseAsync();
        await services.GetRequiredService<SyncStatusTable>().CreateAsync(cancellation);
    }
}
