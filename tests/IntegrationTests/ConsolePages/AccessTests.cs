using System.Net;
using LeadSync.DevStack.Services;
using Microsoft.Playwright;

using static Microsoft.Playwright.Assertions;

namespace LeadSync.IntegrationTests.ConsolePages;

/// <summary>Who may give orders, over HTTP.</summary>
[Collection(nameof(OpenConsole))]
public sealed class AccessTests(OpenConsole console)
{
    private static readonly Dictionary<string, string> WithToken = new() { ["Console__ActionToken"] = "a-long-random-text" };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(HttpStatusCode.Accepted)]
    [InlineData(HttpStatusCode.Accepted, "X-LeadSync-Console", "1", "Sec-Fetch-Site", "same-origin")]
    [InlineData(HttpStatusCode.Forbidden, "Sec-Fetch-Site", "same-origin")]
    [InlineData(HttpStatusCode.Forbidden, "X-LeadSync-Console", "1", "Sec-Fetch-Site", "cross-site")]
    [InlineData(HttpStatusCode.Forbidden, "X-LeadSync-Console", "1", "Origin", "https://elsewhere.example")]
    [InlineData(HttpStatusCode.Forbidden, "Host", "rebound.example")]
    [InlineData(HttpStatusCode.Forbidden, "X-Forwarded-For", "203.0.113.7")]
    public async Task without_a_token_this_machine_gives_orders_and_other_sites_do_not(HttpStatusCode expected, params string[] headers) =>
        (await Post(console.Sync.Services.Scheduler, headers)).StatusCode.ShouldBe(expected);

    [Fact]
    public async Task with_a_token_another_replica_shows_the_same_and_takes_orders_only_with_it()
    {
        await using var replica = console.Sync.Services.Another("Scheduler", WithToken);
        await replica.StartAsync(Stop);

        var refused = await Post(replica);
        refused.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await refused.Content.ReadAsStringAsync(Stop)).ShouldContain("Console__ActionToken");
        (await Post(replica, "Authorization", "Bearer guessed")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await Post(replica, "Authorization", "Bearer a-long-random-text")).StatusCode.ShouldBe(HttpStatusCode.Accepted);

        await using var page = await console.OpenAsync($"{replica.Address}", mayComplain: "401");
        await Expect(page.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("In sync", new() { Timeout = 10_000 });
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Catch up now" }).ClickAsync();
        var dialog = page.Page.GetByRole(AriaRole.Dialog, new() { Name = "Catch up now?" });
        await dialog.GetByLabel("Action token").FillAsync("guessed");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Catch up" }).ClickAsync();
        await Expect(dialog.GetByRole(AriaRole.Alert)).ToHaveTextAsync("That is not the action token.");
        await dialog.GetByLabel("Action token").FillAsync("a-long-random-text");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Catch up" }).ClickAsync();
        await Expect(page.Page.Locator("#notice")).ToHaveTextAsync("A catch-up is ordered.");
    }

    private static async Task<HttpResponseMessage> Post(ServiceProcess scheduler, params string[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/catch-up");
        foreach (var header in headers.Chunk(2))
            request.Headers.Add(header[0], header[1]);
        return await scheduler.Http.SendAsync(request, Stop);
    }
}
