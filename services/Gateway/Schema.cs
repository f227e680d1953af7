using LeadSync.ServiceDefaults.Database;
using Npgsql;

namespace LeadSync.Gateway;

/// <summary>The gateway's part of the database: the schema <c>gateway</c>.</summary>
internal static class Schema
{
    public static Task Migrate(IServiceProvider services, CancellationToken ct) =>
        services.GetRequiredService<NpgsqlDataSource>().ApplyScript(typeof(Schema).Assembly, "schema.sql", ct);
}
