using LeadSync.Gateway;
using LeadSync.Gateway.Zoho;
using LeadSync.Scheduler;
using LeadSync.ServiceDefaults;
using LeadSync.ServiceDefaults.Bus;
using LeadSync.ServiceDefaults.Database;
using Microsoft.Extensions.Configuration;

namespace LeadSync.UnitTests.ServiceDefaults;

/// <summary>
/// For a missing or malformed value, the service names the key and an example in one sentence, and never repeats the value.
/// </summary>
public sealed class SettingsTests
{
    private const string Secret = "do-not-print-me";

    private static readonly Dictionary<string, string?> Complete = new()
    {
        ["ConnectionStrings__Postgres"] = $"Host=127.0.0.1;Port=1;Password={Secret}",
        ["ConnectionStrings__RabbitMq"] = $"amqp://guest:{Secret}@127.0.0.1:1/",
        ["Zoho__ClientId"] = "1000.X",
        ["Zoho__ClientSecret"] = Secret,
        ["Zoho__RefreshToken"] = Secret,
        ["Gateway__PublicUrl"] = "https://sync.example.org",
        ["Gateway__InternalUrl"] = "http://127.0.0.1:1",
    };

    [Theory]
    [InlineData("ConnectionStrings__Postgres", null)]
    [InlineData("ConnectionStrings__Postgres", "Host")]
    [InlineData("ConnectionStrings__Postgres", $"Password={Secret}")]
    [InlineData("ConnectionStrings__Postgres", $"Hots={Secret}")]
    [InlineData("ConnectionStrings__Postgres", $"Host=db1,db2;Target Session Attributes=standby;Password={Secret}")]
    [InlineData("ConnectionStrings__RabbitMq", null)]
    [InlineData("ConnectionStrings__RabbitMq", $"guest:{Secret}@localhost")]
    [InlineData("ConnectionStrings__RabbitMq", $"amqps://guest:{Secret}@localhost/?cacertfile=/no/such/file")]
    [InlineData("ConnectionStrings__RabbitMq", $"amqps://guest:{Secret}@localhost/?verify=none")]
    [InlineData("Zoho__ClientId", null)]
    [InlineData("Zoho__ClientSecret", null)]
    [InlineData("Zoho__RefreshToken", " ")]
    [InlineData("Zoho__RefreshTokenFile", "/no/such/file")]
    [InlineData("Zoho__AccountsUrl", "accounts.zoho.com")]
    [InlineData("Zoho__ApiVersion", "v5")]
    [InlineData("Gateway__PublicUrl", null)]
    [InlineData("Gateway__PublicUrl", "sync.example.org")]
    [InlineData("Gateway__InternalUrl", "gateway")]
    [InlineData("Scheduler__CatchUpInterval", "often")]
    [InlineData("Scheduler__ChannelLifetime", "-1.00:00:00")]
    [InlineData("Scheduler__MaximumRemovalShare", "5 %")]
    public void a_wrong_value_is_reported_in_one_sentence_with_the_key_and_an_example(string key, string? value)
    {
        var message = Should.Throw<SettingsException>(() => ReadAll(Given(key, value))).Message;

        message.ShouldStartWith(key);
        message.ShouldContain("example");
        message.ShouldNotContain(Secret);
        message.Split('\n').Length.ShouldBe(1);
    }

    [Fact]
    public void a_complete_configuration_is_read() => ReadAll(Given("Zoho__ApiVersion", "v8"));

    private static Settings Given(string key, string? value) => new(new ConfigurationBuilder()
        .AddInMemoryCollection(new Dictionary<string, string?>(Complete) { [key] = value }
            .Select(pair => KeyValuePair.Create(pair.Key.Replace("__", ":", StringComparison.Ordinal), pair.Value)))
        .Build());

    // The settings that the services read at their start.
    private static void ReadAll(Settings settings)
    {
        PostgresSettings.Read(settings);
        Broker.From(settings);
        GatewayOptions.From(settings, ZohoOptions.From(settings).CallbackSecret());
        settings.Url("Gateway__InternalUrl", "http://localhost:8080");
        SchedulerOptions.From(settings);
    }
}
