using Npgsql;

namespace LeadSync.Scheduler;

/// <summary>Reads tables and views that another service publishes in the database.</summary>
internal static class PublishedTables
{
    /// <returns>Null when that service has not created the table or view yet.</returns>
    public static async Task<T?> ReadIfExists<T>(Func<Task<T?>> read)
        where T : class
    {
        try
        {
            return await read();
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName)
        {
            return null;
        }
    }

    public static string[] TextsOrNone(this NpgsqlDataReader row, int column) => row.IsDBNull(column) ? []
        : row.GetFieldValue<string[]>(column);

    public static int[] Counts(this NpgsqlDataReader row, int column) => row.GetFieldValue<int[]>(column);
}
