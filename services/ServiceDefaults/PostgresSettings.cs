using Npgsql;

namespace LeadSync.ServiceDefaults;

/// <summary>The database of <c>ConnectionStrings__Postgres</c>.</summary>
public static class PostgresSettings
{
    /// <summary>The <c>application_name</c> of the session that holds the leader's lock. It sleeps in one statement after the other and reads nothing.</summary>
    public const string LeaderSession = "leadsync-leader";

    private const string Key = "ConnectionStrings__Postgres";
    private const string Example = "Host=localhost;Database=leadsync;Username=leadsync;Password=...";

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
