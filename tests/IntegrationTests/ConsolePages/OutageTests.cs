using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using LeadSync.IntegrationTests.Cli;
using LeadSync.TestSupport.Network;
using Microsoft.Playwright;
using Npgsql;
using static Microsoft.Playwright.Assertions;

namespace LeadSync.IntegrationTests.ConsolePages;

/// <summary>What is said while the database is away, under an open page and before one. A proxy stands between the scheduler and
/// PostgreSQL.</summary>
[Collection(nameof(OpenConsole))]
public sealed class OutageTests(OpenConsole console)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task within_three_seconds_every_surface_says_that_it_cannot_see_and_since_when(bool hangs)
    {
        var direct = new NpgsqlConnectionStringBuilder(console.Sync.Services.Environment["ConnectionStrings__Postgres"]);
        await using var proxy = new TcpProxy(direct.Port);
        await using var replica = console.Sync.Services.Another("Scheduler", new Dictionary<string, string>
        {
            ["ConnectionStrings__Postgres"] = new NpgsqlConnectionStringBuilder(
                direct.ConnectionString) { Host = "127.0.0.1", Port = proxy.Port }.ConnectionString,
        });
        await replica.StartAsync(Stop);
        await using var open = await console.OpenAsync($"{replica.Address}", mayComplain: "503");
        await Expect(Heading(open)).ToContainTextAsync("In sync");

        proxy.ToServer.Close();
        if (!hangs)
            await proxy.CutAsync();

        await Expect(Heading(open)).ToContainTextAsync("The scheduler cannot read its database since");
        await Expect(open.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("What you see below is from");
        await Expect(open.Page).ToHaveTitleAsync(new Regex("^✖ "));

        await using var late = await console.OpenAsync($"{replica.Address}", mayComplain: "503");
        await Expect(Heading(late)).ToContainTextAsync("The scheduler cannot read its database since");

        using var answer = await replica.Http.GetAsync("/status", Stop);
        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        var status = JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync(Stop));
        status.GetProperty("inSync").GetBoolean().ShouldBeFalse();
        status.GetProperty("since").GetDateTimeOffset().ShouldBeLessThan(status.GetProperty("at").GetDateTimeOffset().AddSeconds(1));

        var asked = await CommandLine.Run(new Dictionary<string, string> { ["LEADSYNC_URL"] = $"{replica.Address}" }, "status");
        asked.ExitCode.ShouldBe(3);
        asked.Error.ShouldContain("cannot read its database since");

        await proxy.ResetAsync();
        await Expect(Heading(open)).ToContainTextAsync("In sync");
        await Expect(Heading(late)).ToContainTextAsync("In sync");
    }

    private static ILocator Heading(ConsolePage page) => page.Page.GetByRole(AriaRole.Heading, new() { Level = 1 });
}
