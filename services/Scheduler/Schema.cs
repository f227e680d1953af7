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
        var database = services.GetRequiredService<NpgsqlDataSource>();
        await database.ApplyScript(typeof(Schema).Assembly, "schema.sql", ct);
        await database.AddColumns(
            ct,
            ("legacy.sync_status", "in_sync", "boolean not null default false"),
            ("legacy.sync_status", "checked_at", "timestamptz"),
            ("scheduler.alert", "subject", "text"));
        await database.ApplyScript(typeof(Schema).Assembly, "indexes.sql", ct);
        await database.ApplyOnce("scheduler", typeof(Schema).Assembly,
            () => services.GetRequiredService<IDocumentStore>().Storage
                .ApplyAllConfiguredChangesToDatabaseAsync(AutoCreate.CreateOrUpdate), ct);
        await database.GiveTablesToOwnerOf("legacy", ct);
        await services.GetRequiredService<SyncLog>().Prepare(ct);
    }
}
