using Npgsql;

namespace LeadSync.ServiceDefaults;

/// <summary>The database of <c>ConnectionStrings__Postgres</c>.</summary>
public static class PostgresSettings
{
    /// <summary>The <c>application_name</c> of the session that holds the leader's lock. This session only sleeps, and reads
    /// nothing.</summary>
    public const string LeaderSession = "leadsync-leader";

    /// <summary>The key of the data source for long work: its statements have no time-out.</summary>
    public const string LongWork = "long work";

    private const string Key = "ConnectionStrings__Postgres";
    private const string Example = "Host=localhost;Database=leadsync;Username=leadsync;Password=...";

    /// <summary>The same database, without statement time-outs on either side.</summary>
    public static NpgsqlConnectionStringBuilder ForLongWork(NpgsqlConnectionStringBuilder connection) => new(connection.ConnectionString)
    {
        CommandTimeout = 0,
        Options = $"{connection.Options} -c statement_timeout=0".Trim(),
        MaxPoolSize = Math.Min(connection.MaxPoolSize, 10),
    };

    public static NpgsqlConnectionStringBuilder Read(Settings settings)
    {
        try
        {
            var connection = new NpgsqlConnectionStringBuilder(settings.Required(Key, Example));
            return string.IsNullOrEmpty(connection.Host)
                ? throw new SettingsException($"{Key} names no host: add one, for example {Key}={Example}")
                : connection;
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            throw new SettingsException($"{Key} is not an Npgsql connection string: write one, for example {Key}={Example}");
        }
    }
}
