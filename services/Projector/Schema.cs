using JasperFx;
using LeadSync.Projector.Feed;
using LeadSync.Projector.Leads;
using LeadSync.ServiceDefaults.Database;
using Npgsql;

namespace LeadSync.Projector;

/// <summary>The projector's part of the database: the schemas <c>projector</c> and <c>legacy</c>.</summary>
internal static class Schema
{
    public static async Task Migrate(IServiceProvider services, CancellationToken ct)
    {
        var database = services.GetRequiredService<NpgsqlDataSource>();
        await database.ApplyScript(typeof(Schema).Assembly, "schema.sql", ct);
        await database.AddColumns(
            ct,
            ("projector.sightings", "parked", "text[] not null default '{}'"),
            ("projector.columns", "field_set", "integer"),
            ("projector.columns", "is_mixed", "boolean not null default false"),
            ("projector.webhook_dead_letters", "attempts", "integer not null default 0"),
            ("projector.webhook_dead_letters", "next_at", "timestamptz not null default now()"),
            ("projector.forgotten", "up_to_version", "bigint"));
        await database.ApplyOnce("projector", typeof(Schema).Assembly, ApplyEvents, ct);
        await database.ApplyScript(typeof(Schema).Assembly, "published.sql", ct);
        await database.ApplyScript(typeof(Schema).Assembly, "feed.sql", ct);
        await services.GetRequiredService<FeedDays>().Provide(ct);
        await database.GiveTablesToOwnerOf("legacy", ct);

        async Task ApplyEvents()
        {
            await using var store = LeadEventStore.OfTables(database);
            await store.Storage.ApplyAllConfiguredChangesToDatabaseAsync(AutoCreate.CreateOrUpdate);
            await database.ApplyScript(typeof(Schema).Assembly, "statistics.sql", ct);
        }
    }
}
