using LeadSync.ServiceDefaults.Database;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace LeadSync.ServiceDefaults.Health;

/// <summary>Whether the database has the service's tables. A database that replaced another under a running service has none.</summary>
internal sealed class SchemaCheck(string schema, NpgsqlDataSource database) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        await using var command = database.CreateCommand(
            "select exists (select from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = $1 and c.relkind = "
                + "'r')").With(schema);
        return await command.ExecuteScalarAsync(cancellationToken) is true
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Unhealthy($"the database has no tables in the schema {schema}: restart the service, or run it with the "
                + $"argument migrate");
    }
}
