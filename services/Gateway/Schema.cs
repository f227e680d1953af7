using LeadSync.ServiceDefaults.Database;
using Npgsql;

namespace LeadSync.Gateway;

/// <summary>The gateway's part of the database: the schema <c>gateway</c>.</summary>
internal static class Schema
{
    public static async Task Migrate(IServiceProvider services, CancellationToken ct)
    {
        var database = services.GetRequiredService<NpgsqlDataSource>();
        await database.ApplyScript(typeof(Schema).Assembly, "schema.sql", ct);
        await database.AddColumns(
            ct,
            ("gateway.channel", "renewed_at", "timestamptz"),
            ("gateway.channel", "expires_at", "timestamptz"),
            ("gateway.channel", "reopened", "boolean"),
            ("gateway.access_token", "refused_until", "timestamptz"),
            ("gateway.receiving", "heard_at", "timestamptz"));
    }
}
