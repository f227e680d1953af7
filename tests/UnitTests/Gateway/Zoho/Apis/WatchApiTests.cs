using LeadSync.Gateway.Zoho.Apis;
using LeadSync.Gateway.Zoho.Calls;

namespace LeadSync.UnitTests.Gateway.Zoho.Apis;

public sealed class WatchApiTests
{
    private static readonly WatchRequest Request = new(
        "1000000068001", "token", "https://sync.test/zoho/notifications?k=s", FakeZoho.Start.AddDays(1));

    private readonly StubHttp http = new();

    [Fact]
    public async Task a_channels_request_contains_everything_that_zoho_would_otherwise_drop()
    {
        http.Api = _ => (201, Success("2026-08-21T03:00:00-07:00"));

        var granted = await http.Watch.OpenChannel(Request, TestContext.Current.CancellationToken);

        granted.ShouldBe(FakeZoho.Start.AddDays(1));
        var call = http.ApiCalls.Single();
        (call.Method, call.Url).ShouldBe(("POST", "https://api.test/crm/v8/actions/watch"));
        var watch = ZohoJson.Parse(System.Text.Encoding.UTF8.GetBytes(call.Body))!.Value.Items("watch").ShouldHaveSingleItem();
        watch.EnumerateObject().Select(member => $"{member.Name}={member.Value}").ShouldBe(
        [
            "channel_id=1000000068001",
            """events=["Leads.create","Leads.edit","Leads.delete"]""",
            "channel_expiry=2026-08-21T10:00:00+00:00",
            "token=token",
            "notify_url=https://sync.test/zoho/notifications?k=s",
            "notify_on_related_action=False",
            "return_affected_field_values=False",
        ]);
    }

    [Theory]
    [InlineData(
        """{"watch":[{"code":"SUCCESS","status":"success","details":{"events":{"channel_expiry":"2026-08-20T11:00:00+00:00"}}}]}""")]
    [InlineData(
        """
        {"watch":{"code":"SUCCESS","status":"success","details":{"events":[
          {"resource_name":"Contacts","channel_expiry":"2026-08-22T11:00:00+00:00"},
          {"resource_name":"Leads","channel_expiry":"2026-08-20T11:00:00+00:00"}]}}}
        """)]
    public async Task the_granted_expiry_is_read_in_every_shape(string body)
    {
        http.Api = _ => (200, body);

        (await http.Watch.ReplaceChannel(Request, TestContext.Current.CancellationToken)).ShouldBe(FakeZoho.Start.AddHours(1));
    }

    [Theory]
    [InlineData("""{"watch":[{"code":"SUCCESS","status":"success"}]}""")]
    [InlineData("""{"watch":[{"code":"SUCCESS","status":"success","details":{"events":[{"channel_expiry":"soon"}]}}]}""")]
    public async Task a_missing_expiry_is_not_invented(string body)
    {
        http.Api = _ => (200, body);

        (await http.Watch.ReplaceChannel(Request, TestContext.Current.CancellationToken)).ShouldBeNull();
    }

    [Theory]
    [InlineData(400, """{"code":"NOT_SUBSCRIBED","details":{},"message":"m","status":"error"}""")]
    [InlineData(400, """{"watch":[{"code":"NOT_SUBSCRIBED","status":"error"}]}""")]
    [InlineData(200, """{"watch":[{"code":"NOT_SUBSCRIBED","status":"error"}]}""")]
    [InlineData(207, """{"watch":[{"code":"SUCCESS","status":"success"},{"code":"NOT_SUBSCRIBED","status":"error"}]}""")]
    public async Task one_element_that_failed_is_a_failure(int status, string body)
    {
        http.Api = _ => (status, body);

        var exception = await Should.ThrowAsync<ZohoException>(() =>
            http.Watch.ReplaceChannel(Request, TestContext.Current.CancellationToken));

        (exception.Kind, exception.Code).ShouldBe((ZohoErrorKind.Rejected, "NOT_SUBSCRIBED"));
    }

    [Fact]
    public async Task our_channel_is_found_among_others()
    {
        http.Api = _ => (200, """
            {"watch":[{"channel_id":"7","resource_name":"Leads","events":["Leads.edit"]},
              {"channel_id":1000000068001,"resource_name":"Contacts","events":["Contacts.edit"]},
              {"channel_id":"1000000068001","resource_name":"Leads","notify_url":"https://x","token":null,
               "events":["Leads.edit","Leads.create"],"channel_expiry":"2026-08-20T11:00:00+00:00","fields":null}],
             "info":{"more_records":false}}
            """);

        var channel = (await http.Watch.FindChannel("1000000068001", TestContext.Current.CancellationToken)).ShouldNotBeNull();

        channel.Events.ShouldBe(["Leads.edit", "Leads.create"]);
        channel.Token.ShouldBeNull();
        channel.Expiry.ShouldBe(FakeZoho.Start.AddHours(1));
    }

    [Theory]
    [InlineData(204, "")]
    [InlineData(200, """{"watch":[],"info":{"more_records":false}}""")]
    [InlineData(400, """{"code":"NOT_SUBSCRIBED","details":{},"message":"m","status":"error"}""")]
    [InlineData(400, """{"watch":[{"code":"NOT_SUBSCRIBED","details":{},"message":"m","status":"error"}]}""")]
    [InlineData(202, """{"watch":[{"code":"NOT_SUBSCRIBED","details":{},"message":"m","status":"error"}]}""")]
    public async Task a_missing_channel_is_recognized_in_every_shape(int status, string body)
    {
        http.Api = _ => (status, body);

        (await http.Watch.FindChannel("1000000068001", TestContext.Current.CancellationToken)).ShouldBeNull();
    }

    [Theory]
    [InlineData(400, """{"code":"NEVER_HEARD_OF","status":"error"}""")]
    [InlineData(403, """{"code":"NO_PERMISSION","status":"error"}""")]
    [InlineData(503, "")]
    public async Task any_other_refusal_does_not_say_that_the_channel_is_lost(int status, string body)
    {
        http.Api = _ => (status, body);

        await Should.ThrowAsync<ZohoException>(() => http.Watch.FindChannel("1000000068001", TestContext.Current.CancellationToken));
    }

    private static string Success(string expiry) => $$$"""
        {"watch":[{"code":"SUCCESS","status":"success","message":"Successfully subscribed for actions-watch of the given module",
         "details":{"events":[{"channel_expiry":"{{{expiry}}}","resource_uri":"https://www.zohoapis.com/crm/v2/Leads",
           "resource_id":"554023000000000125",
         "resource_name":"Leads","channel_id":"1000000068001"}]}}]}
        """;
}
