using JasperFx;
using LeadSync.ServiceDefaults;
using Marten;
using Npgsql;

namespace LeadSync.Projector;

/// <summary>The projector's part of the database: the schemas <c>projector</c> and <c>legacy</c>.</summary>
internal static class Schema
{
    public static async Task Migrate(IServiceProvider services, CancellationToken ct)
    {
        await services.GetRequiredService<NpgsqlDataSource>().ApplyScript(typeof(Schema).Assembly, "schema.sql", ct);
        await services.GetRequiredService<NpgsqlDataSource>().ApplyOnce("projector", typeof(Schema).Assembly,
            () => services.GetRequiredService<IDocumentStore>().Storage.ApplyAllConfiguredChangesToDatabaseAsync(AutoCreate.CreateOrUpdate), ct);
        await services.GetRequiredService<NpgsqlDataSource>().ApplyScript(typeof(Schema).Assembly, "published.sql", ct);
        await services.GetRequiredService<NpgsqlDataSource>().ApplyScript(typeof(Schema).Assembly, "statistics.sql", ct);
        await services.GetRequiredService<NpgsqlDataSource>().GiveTablesToOwnerOf("legacy", ct);
    }
}
