using Npgsql;

namespace LeadSync.ServiceDefaults.Database;

/// <summary>Reads times from a row of a result.</summary>
public static class RowValues
{
    public static DateTimeOffset Time(this NpgsqlDataReader row, int column) => row.GetFieldValue<DateTimeOffset>(column);

    public static DateTimeOffset? TimeOrNull(this NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.Time(column);
}
