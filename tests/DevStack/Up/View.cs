using Npgsql;

namespace LeadSync.DevStack.Up;

/// <summary>Reads the legacy view.</summary>
internal sealed class View(NpgsqlDataSource database)
{
    /// <summary>The number of living leads.</summary>
    public async Task<long> CountAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("select count(*) from legacy.leads");
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>The phase of the sync, from <c>legacy.sync_status</c>.</summary>
    public async Task<string> PhaseAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("select phase from legacy.sync_status");
        return (string?)await command.ExecuteScalarAsync(cancellationToken) ?? "";
    }

    /// <summary>The id of any lead.</summary>
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
