using Npgsql;

namespace LeadSync.LocalStack.Up;

/// <summary>What the readers of the legacy view see.</summary>
internal sealed class View(NpgsqlDataSource database)
{
    /// <returns>The number of living leads, and where the sync is in the words of <c>legacy.sync_status</c>.</returns>
    public async Task<(long Leads, string Phase)> ReadAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("select (select count(*) from legacy.leads), (select phase from legacy.sync_status)");
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        return (row.GetInt64(0), row.IsDBNull(1) ? "" : row.GetString(1));
    }

    /// <summary>Some lead's id.</summary>
    public async Task<string> AnyIdAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("select id from legacy.leads limit 1");
        return (string?)await command.ExecuteScalarAsync(cancellationToken) ?? "";
    }

    /// <returns>The lead's company; null when the view does not have the lead.</returns>
    public async Task<string?> CompanyAsync(string id, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("select coalesce(company, '') from legacy.leads where id = $1");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = id });
        return (string?)await command.ExecuteScalarAsync(cancellationToken);
    }
}
