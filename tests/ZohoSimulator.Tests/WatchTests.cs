using System.Net;

namespace LeadSync.ZohoSimulator.Tests;

public sealed class WatchTests
{
    private static Dictionary<string, object?> Channel(string id = "1") => new()
    {
        ["channel_id"] = id,
        ["events"] = new[] { "Leads.all" },
        ["notify_url"] = "http://localhost:1/n",
        ["token"] = "secret",
    };

    private static object Watch(params Dictionary<string, object?>[] channels) => new { watch = channels };

    [Theory]
    [InlineData("v8", null, 1)]
    [InlineData("v8", 24 * 6, 24 * 6)]
    [InlineData("v8", 24 * 8, 1)]
    [InlineData("v6", 23, 23)]
    [InlineData("v6", 25, 1)]
    public async Task a_channel_lives_an_hour_unless_the_request_has_a_life_that_the_version_allows(
        string version, int? askedHours, int grantedHours)
    {
        await using var zoho = await SimulatedZoho.StartAsync();
        var channel = Channel();
        if (askedHours is { } hours)
            channel["channel_expiry"] = (await NowAsync(zoho)).AddHours(hours).ToString("yyyy-MM-dd'T'HH:mm:sszzz");

        var answer = await zoho.PostAsync($"/crm/{version}/actions/watch", Watch(channel));

        answer.Status.ShouldBe(HttpStatusCode.Created);
        var events = answer.Body.GetProperty("watch")[0].GetProperty("details").GetProperty("events");
        var granted = DateTimeOffset.Parse(events.Each("channel_expiry").Single());
        (granted - await NowAsync(zoho)).TotalHours.ShouldBe(grantedHours, tolerance: 0.02);
    }

    [Fact]
    public async Task an_expired_channel_vanishes_and_only_POST_brings_it_back()
    {
        await using var zoho = await SimulatedZoho.StartAsync();
        await zoho.PostAsync("/crm/v8/actions/watch", Watch(Channel()));
        await zoho.AdvanceAsync(TimeSpan.FromMinutes(61));
        await zoho.RenewTokenAsync();

        (await zoho.GetAsync("/crm/v8/actions/watch")).Status.ShouldBe(HttpStatusCode.NoContent);
        var renewal = await zoho.PutAsync("/crm/v8/actions/watch", Watch(Channel()));
        renewal.Status.ShouldBe(HttpStatusCode.BadRequest);
        renewal.Code.ShouldBe("NOT_SUBSCRIBED");
        (await zoho.PostAsync("/crm/v8/actions/watch", Watch(Channel()))).Status.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task PATCH_without_a_token_blanks_it()
    {
        await using var zoho = await SimulatedZoho.StartAsync();
        await zoho.PostAsync("/crm/v8/actions/watch", Watch(Channel()));
        var patch = Channel();
        patch.Remove("token");
        (await zoho.PatchAsync("/crm/v8/actions/watch", Watch(patch))).Status.ShouldBe(HttpStatusCode.OK);
        (await zoho.GetAsync("/crm/v8/actions/watch")).Body.GetProperty("watch").Each("token").ShouldBe([""]);
    }

    [Theory]
    [InlineData("channel_id", null, "MANDATORY_NOT_FOUND")]
    [InlineData("notify_url", null, "MANDATORY_NOT_FOUND")]
    [InlineData("events", "Nothing.create", "INVALID_DATA")]
    [InlineData("notify_url", "not an address", "INVALID_DATA")]
    [InlineData("token", "012345678901234567890123456789012345678901234567890", "INVALID_DATA")]
    [InlineData("channel_expiry", "2035-01-01T00:00:00.000+00:00", "INVALID_DATA")]
    public async Task a_missing_or_wrong_member_is_refused_by_name(string field, string? value, string code)
    {
        await using var zoho = await SimulatedZoho.StartAsync();
        var channel = Channel();
        channel[field] = field == "events" ? new[] { value } : value;
        var answer = await zoho.PostAsync("/crm/v8/actions/watch", Watch(channel));
        answer.Status.ShouldBe(HttpStatusCode.BadRequest);
        answer.Code.ShouldBe(code);
        $"{answer.Body.GetProperty("details").GetProperty("api_name")}".ShouldBe(field);
    }

    [Fact]
    public async Task mixed_results_are_207_with_a_result_for_each()
    {
        await using var zoho = await SimulatedZoho.StartAsync();
        var wrong = Channel("2");
        wrong.Remove("events");
        var answer = await zoho.PostAsync("/crm/v8/actions/watch", Watch(Channel(), wrong));
        answer.Status.ShouldBe(HttpStatusCode.MultiStatus);
        answer.Body.GetProperty("watch").Each("code").ShouldBe(["SUCCESS", "MANDATORY_NOT_FOUND"]);
    }

    private static async Task<DateTimeOffset> NowAsync(SimulatedZoho zoho) =>
        DateTimeOffset.Parse((await zoho.HeaderAsync("/health/live", "Date"))!);
}
