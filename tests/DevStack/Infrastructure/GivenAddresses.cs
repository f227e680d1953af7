using Npgsql;

namespace LeadSync.DevStack.Infrastructure;

/// <summary>Servers that environment variables name.</summary>
internal static class GivenAddresses
{
    public const string PostgresKey = "ConnectionStrings__Postgres";
    public const string RabbitMqKey = "ConnectionStrings__RabbitMq";

    /// <summary>The key of RabbitMQ's management API, by which tests create a virtual host for each class. No service reads it.</summary>
    public const string RabbitMqManagementKey = "LEADSYNC_RABBITMQ_MANAGEMENT";

    private const string Origin = "given by the environment";

    public static bool AreComplete => Postgres is not null && RabbitMq is not null;

    public static PostgresServer? Postgres => Read(PostgresKey) is not { } connectionString ? null
        : NamesHost(connectionString) ? new PostgresServer(connectionString, Origin)
        : throw new DevStackException($"{PostgresKey} is not a connection string with a host: write one, for example "
            + $"{PostgresKey}=Host=localhost;Username=postgres;Password=secret");

    public static RabbitMqServer? RabbitMq =>
        ReadAddress(RabbitMqKey, "amqp", "amqp://user:password@localhost:5672/") is { } address
            ? new RabbitMqServer(address, ReadAddress(RabbitMqManagementKey, "http", "http://user:password@localhost:15672/"), Origin)
            : null;

    private static bool NamesHost(string connectionString)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(connectionString).Host is { Length: > 0 };
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static Uri? ReadAddress(string key, string scheme, string example) =>
        Read(key) is not { } text ? null
        : Uri.TryCreate(text, UriKind.Absolute, out var address) && (address.Scheme == scheme || address.Scheme == $"{scheme}s") ? address
        : throw new DevStackException($"{key} is not an {scheme} address: write one, for example {key}={example}");

    private static string? Read(string key) =>
        Environment.GetEnvironmentVariable(key) is { Length: > 0 } value ? value : null;
}
