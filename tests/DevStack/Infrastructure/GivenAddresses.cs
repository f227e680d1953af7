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

    public static PostgresServer? Postgres =>
        Read(PostgresKey) is { } connectionString ? new PostgresServer(connectionString, Origin) : null;

    public static RabbitMqServer? RabbitMq =>
        ReadAddress(RabbitMqKey, "amqp://user:password@localhost:5672/") is { } address
            ? new RabbitMqServer(address, ReadAddress(RabbitMqManagementKey, "http://user:password@localhost:15672/"), Origin)
            : null;

    private static Uri? ReadAddress(string key, string example) =>
        Read(key) is not { } text ? null
        : Uri.TryCreate(text, UriKind.Absolute, out var address) ? address
        : throw new DevStackException($"{key} is not an address: write one, for example {key}={example}");

    private static string? Read(string key) =>
        Environment.GetEnvironmentVariable(key) is { Length: > 0 } value ? value : null;
}
