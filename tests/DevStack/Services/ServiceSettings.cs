using LeadSync.TestSupport.Network;

namespace LeadSync.DevStack.Services;

/// <summary>The servers and options of a set of services.</summary>
/// <param name="Postgres">An Npgsql connection string.</param>
/// <param name="RabbitMq">An <c>amqp://</c> address.</param>
public sealed record ServiceSettings(string Postgres, Uri RabbitMq)
{
    private const string ClientId = "1000.LOCAL";
    private const string ClientSecret = "local-secret";
    private const string RefreshToken = "1000.local.refresh";

    /// <summary>Zoho's API version: <c>v6</c>, <c>v7</c> or <c>v8</c>.</summary>
    public string ApiVersion { get; init; } = "v8";

    /// <summary>The number of leads that the simulated Zoho has at first.</summary>
    public int Leads { get; init; } = 25_000;

    /// <summary>Additional environment variables, or other values, for all processes.</summary>
    public IReadOnlyDictionary<string, string> More { get; init; } = new Dictionary<string, string>();

    /// <summary>The address of this machine on which the processes listen, as in a URL: <c>[::1]</c> for IPv6.</summary>
    public string Host { get; init; } = "127.0.0.1";

    public int GatewayPort { get; init; } = FreePort.Take();

    public int ProjectorPort { get; init; } = FreePort.Take();

    public int SchedulerPort { get; init; } = FreePort.Take();

    public int SimulatorPort { get; init; } = FreePort.Take();

    internal IReadOnlyDictionary<string, string> ForSimulator() => With(new()
    {
        ["Simulator__Leads"] = $"{Leads}",
        ["Simulator__ClientId"] = ClientId,
        ["Simulator__ClientSecret"] = ClientSecret,
        ["Simulator__RefreshToken"] = RefreshToken,
    });

    internal Dictionary<string, string> ForServices(Uri zoho, Uri gateway) => With(new()
    {
        ["ConnectionStrings__Postgres"] = Postgres,
        ["ConnectionStrings__RabbitMq"] = $"{RabbitMq}",
        ["Zoho__AccountsUrl"] = $"{zoho}",
        ["Zoho__ApiUrl"] = $"{zoho}",
        ["Zoho__ApiVersion"] = ApiVersion,
        ["Zoho__ClientId"] = ClientId,
        ["Zoho__ClientSecret"] = ClientSecret,
        ["Zoho__RefreshToken"] = RefreshToken,
        ["Gateway__PublicUrl"] = $"{gateway}",
        ["Gateway__InternalUrl"] = $"{gateway}",
        ["Access__TrustLoopback"] = "true",
    });

    private Dictionary<string, string> With(Dictionary<string, string> variables)
    {
        foreach (var (key, value) in More)
            variables[key] = value;
        return variables;
    }
}
