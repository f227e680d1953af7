using System.Diagnostics;
using LeadSync.TestSupport;

namespace LeadSync.IntegrationTests.Sync;

/// <summary>With a missing or malformed value, a service ends with one sentence, which names the key and never repeats the value.</summary>
/// <remarks>The unit tests of the options say which values a service refuses. These tests show what an operator sees.</remarks>
public sealed class ConfigurationTests
{
    private const string Secret = "do-not-print-me";

    private static readonly Dictionary<string, string> Complete = new()
    {
        ["ConnectionStrings__Postgres"] = $"Host=127.0.0.1;Port=1;Password={Secret}",
        ["ConnectionStrings__RabbitMq"] = $"amqp://guest:{Secret}@127.0.0.1:1/",
        ["Zoho__ClientId"] = "1000.X",
        ["Zoho__ClientSecret"] = Secret,
        ["Zoho__RefreshToken"] = Secret,
        ["Gateway__PublicUrl"] = "https://sync.example.org",
        ["Gateway__InternalUrl"] = "http://127.0.0.1:1",
        ["ASPNETCORE_URLS"] = "http://127.0.0.1:0",
    };

    [Theory]
    [InlineData("Gateway", "Zoho__RefreshTokenFile", "/no/such/file")]
    [InlineData("Projector", "ConnectionStrings__Postgres", $"Hots={Secret}")]
    [InlineData("Scheduler", "Scheduler__CatchUpInterval", $"{Secret}")]
    public async Task the_service_ends_with_a_sentence_that_names_the_key(string service, string key, string value)
    {
        var start = new ProcessStartInfo("dotnet", [DevStack.Repository.Assembly(service)]);
        foreach (var (name, complete) in Complete)
            start.Environment[name] = complete;
        start.Environment[key] = value;

        var ended = await ProgramResult.RunAsync(start, TestContext.Current.CancellationToken);

        ended.ExitCode.ShouldNotBe(0);
        var error = ended.Error;
        error.Trim().ShouldStartWith(key);
        error.ShouldContain("example");
        error.Trim().Split('\n').Length.ShouldBe(1);
        error.ShouldNotContain(Secret);
    }
}
