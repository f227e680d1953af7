namespace LeadSync.IntegrationTests.Cli;

/// <summary>A scheduler that accepts actions only with a token.</summary>
[Collection(nameof(HealthySync))]
public sealed class TokenTests(HealthySync healthy)
{
    private const string Token = "a-token-for-orders";

    [Fact]
    public async Task actions_and_the_log_need_the_token_and_the_bare_status_does_not()
    {
        await using var scheduler = healthy.Sync.Services.Another("Scheduler", new Dictionary<string, string>
        {
            ["Console__ActionToken"] = Token,
            ["Access__TrustLoopback"] = "false",
        });
        await scheduler.StartAsync(TestContext.Current.CancellationToken);
        var file = Path.Combine(healthy.Shared.Run.Temporary, $"{Guid.NewGuid():n}.token");
        await File.WriteAllTextAsync(file, Token + "\n", TestContext.Current.CancellationToken);
        var address = new Dictionary<string, string> { ["LEADSYNC_URL"] = $"{scheduler.Address}" };

        var refused = await CommandLine.Run(address, "pause");
        refused.ExitCode.ShouldBe(4);
        refused.Error.ShouldContain("starts no action without its action token");
        refused.Error.ShouldContain("LEADSYNC_TOKEN");
        (await CommandLine.Run(new Dictionary<string, string>(address) { ["LEADSYNC_TOKEN"] = "wrong" }, "pause", "--json"))
            .ShouldSatisfyAllConditions(
            result => result.ExitCode.ShouldBe(4),
            result => result.Error.ShouldContain("refuses this token"),
            result => result.Json.GetProperty("exitCode").GetInt32().ShouldBe(4));
        (await CommandLine.Run(address, "status", "--json")).Json.GetProperty("paused").GetBoolean().ShouldBeFalse();
        (await CommandLine.Run(address, "log")).ShouldSatisfyAllConditions(
            result => result.ExitCode.ShouldBe(4),
            result => result.Error.ShouldContain("shows this to nobody without a token"));

        (await CommandLine.Run(new Dictionary<string, string>(address) { ["LEADSYNC_TOKEN"] = Token }, "pause", "--reason",
            "Zoho maintenance")).ExitCode.ShouldBe(0);
        (await CommandLine.Run(address, "log", "--token-file", file))
            .Output.ShouldContain("The sync was paused. (whoever has the action token: Zoho maintenance)");
        (await CommandLine.Run(address, "status", "--json")).Json.GetProperty("paused").GetBoolean().ShouldBeTrue();
        (await CommandLine.Run(address, "resume", "--token-file", file)).ExitCode.ShouldBe(0);
        (await CommandLine.Run(address, "resume", "--token-file", "/no/such/file")).ExitCode.ShouldBe(2);
    }
}
