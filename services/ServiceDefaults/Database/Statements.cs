using Npgsql;

namespace LeadSync.ServiceDefaults.Database;

/// <summary>Statements that need no reader.</summary>
public static class Statements
{
    /// <summary>Runs a statement that answers nothing.</summary>
    /// <param name="values">The parameters <c>$1</c>, <c>$2</c> and so on. Where one is null, the statement
    /// tells PostgreSQL its type.</param>
    public static async Task Execute(this NpgsqlDataSource database, string sql, CancellationToken ct, params object?[] values)
    {
        await using var command = database.CreateCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value ?? DBNull.Value });
        await command.ExecuteNonQueryAsync(ct);
    }
}
