using System.Diagnostics;

namespace LeadSync.IntegrationTests.Sync;

/// <summary>A missing or malformed value stops a service with one sentence that names the key, and never repeats the value.</summary>
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
    [InlineData("Gateway", "ConnectionStrings__Postgres", null)]
    [InlineData("Projector", "ConnectionStrings__Postgres", "Host")]
    [InlineData("Scheduler", "ConnectionStrings__RabbitMq", null)]
    [InlineData("Scheduler", "ConnectionStrings__RabbitMq", "localhost")]
    [InlineData("Gateway", "Zoho__ClientId", null)]
    [InlineData("Gateway", "Zoho__ClientSecret", null)]
    [InlineData("Gateway", "Zoho__RefreshToken", " ")]
    [InlineData("Gateway", "Zoho__RefreshTokenFile", "/no/such/file")]
    [InlineData("Gateway", "Zoho__AccountsUrl", "accounts.zoho.com")]
    [InlineData("Gateway", "Zoho__ApiVersion", "v5")]
    [InlineData("Gateway", "Gateway__PublicUrl", null)]
    [InlineData("Projector", "Gateway__InternalUrl", "gateway")]
    [InlineData("Scheduler", "Scheduler__CatchUpInterval", "often")]
    [InlineData("Scheduler", "Scheduler__ChannelLifetime", "-1.00:00:00")]
    public async Task the_service_ends_with_a_sentence_that_names_the_key(string service, string key, string? value)
    {
        var (exitCode, error) = await Run(service, key, value);

        exitCode.ShouldNotBe(0);
        error.Trim().ShouldStartWith(key);
        error.ShouldContain("example");
        error.Trim().Split('\n').Length.ShouldBe(1);
        error.ShouldNotContain(Secret);
    }

    private static async Task<(int ExitCode, string Error)> Run(string service, string key, string? value)
    {
        var start = new ProcessStartInfo("dotnet", [DevStack.Repository.Assembly(service)]) { RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var (name, complete) in Complete)
            start.Environment[name] = complete;
        start.Environment[key] = value;

        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        _ = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromMinutes(3), TestContext.Current.CancellationToken);
        return (process.ExitCode, await error);
    }
}
