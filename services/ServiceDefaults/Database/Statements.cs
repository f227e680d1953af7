using Npgsql;

namespace LeadSync.ServiceDefaults.Database;

/// <summary>
/// The one way to give a statement its parameters <c>$1</c>, <c>$2</c> and so on, and to run a statement that answers nothing. Null becomes
/// SQL NULL, and a <see cref="DateTimeOffset"/> is passed as UTC. PostgreSQL cannot see the type of a NULL: where a value may be null, the
/// statement casts its parameter, for example <c>$2::timestamptz</c>. An <see cref="NpgsqlParameter"/> is passed as it is.
/// </summary>
public static class Statements
{
    public static NpgsqlCommand With(this NpgsqlCommand command, params object?[] values)
    {
        Add(command.Parameters, values);
        return command;
    }

    /// <summary>One parameter, an array. Without this overload, C# would take each element for a parameter.</summary>
    public static NpgsqlCommand With<T>(this NpgsqlCommand command, T[] array) => command.With((object)array);

    public static NpgsqlBatchCommand With(this NpgsqlBatchCommand command, params object?[] values)
    {
        Add(command.Parameters, values);
        return command;
    }

    /// <summary>One parameter, an array. Without this overload, C# would take each element for a parameter.</summary>
    public static NpgsqlBatchCommand With<T>(this NpgsqlBatchCommand command, T[] array) => command.With((object)array);

    /// <summary>
    /// Runs a statement that answers nothing. One parameter that is an array is written <c>[array]</c>: without the brackets, C# would take
    /// each element for a parameter.
    /// </summary>
    public static async Task Execute(this NpgsqlDataSource database, string sql, CancellationToken ct, params object?[] values)
    {
        await using var command = database.CreateCommand(sql).With(values);
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Runs a statement that answers nothing.</summary>
    public static async Task Execute(this NpgsqlConnection connection, string sql, CancellationToken ct, params object?[] values)
    {
        await using var command = new NpgsqlCommand(sql, connection).With(values);
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Runs statements in one round trip: all of them, or none.</summary>
    public static async Task Execute(this NpgsqlDataSource database, IEnumerable<string> statements, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await connection.Execute(statements, ct);
    }

    /// <summary>Runs statements in one round trip, in the connection's transaction. Without a transaction: all of them, or none.</summary>
    public static async Task Execute(this NpgsqlConnection connection, IEnumerable<string> statements, CancellationToken ct)
    {
        await using var batch = new NpgsqlBatch(connection);
        foreach (var statement in statements)
            batch.BatchCommands.Add(new(statement));
        if (batch.BatchCommands.Count > 0)
            await batch.ExecuteNonQueryAsync(ct);
    }

    private static void Add(NpgsqlParameterCollection parameters, object?[] values)
    {
        foreach (var value in values)
        {
            parameters.Add(value switch
            {
                NpgsqlParameter parameter => parameter,
                DateTimeOffset time => new() { Value = time.UtcDateTime },
                _ => new() { Value = value ?? DBNull.Value },
            });
        }
    }
}
