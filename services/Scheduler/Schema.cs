using JasperFx;
using LeadSync.Scheduler.Recording;
using LeadSync.ServiceDefaults.Database;
using Marten;
using Npgsql;

namespace LeadSync.Scheduler;

/// <summary>The scheduler's part of the database: the schema <c>scheduler</c>, and the table <c>legacy.sync_status</c>.</summary>
internal static class Schema
{
    public static async Task Migrate(IServiceProvider services, CancellationToken ct)
    {
        await services.GetRequiredService<NpgsqlDataSource>().ApplyScript(typeof(Schema).Assembly, "schema.sql", ct);
        await services.GetRequiredService<NpgsqlDataSource>().ApplyOnce("scheduler", typeof(Schema).Assembly,
            () => services.GetRequiredService<IDocumentStore>().Storage
                .ApplyAllConfiguredChangesToDatabaseAsync(AutoCreate.CreateOrUpdate), ct);
        await services.GetRequiredService<NpgsqlDataSource>().GiveTablesToOwnerOf("legacy", ct);
        await services.GetRequiredService<SyncLog>().Prepare(ct);
    }
}
