using System.Text;
using LeadSync.Gateway.Channels;
using LeadSync.Gateway.Notifications;

namespace LeadSync.UnitTests.Gateway.Notifications;

public sealed class NotificationTests
{
    private const string Ours = "\"channel_id\":\"1000\",\"token\":\"right\"";

    private static readonly DateTimeOffset Now = FakeZoho.Start;

    private static readonly AcceptedTokens Accepted = new("1000",
    [
        new AcceptedToken(AcceptedTokens.Hash("right"), Now.AddDays(1)),
        new AcceptedToken(AcceptedTokens.Hash("before"), Now.AddMinutes(10)),
        new AcceptedToken(AcceptedTokens.Hash("long-ago"), Now.AddMinutes(-1)),
    ]);

    [Theory]
    [InlineData(
        """
        {"server_time":1718117126473,"query_params":{"k":"s"},"module":"Leads",
         "resource_uri":"https://www.zohoapis.com/crm/v2/Leads","ids":["5725767000003000064"],
         "affected_fields":[],"operation":"insert","channel_id":"1000","token":"right"}
        """,
        "5725767000003000064")]
    [InlineData("""{"module":"Leads","ids":["1","2","1"],"operation":"update","channel_id":"1000","token":"right"}""", "1,2")]
    [InlineData(
        """{"module":"Leads","ids":[5725767000003000064],"operation":"edit","channel_id":1000,"token":"right"}""", "5725767000003000064")]
    [InlineData("""{"module":"Leads","ids":["1"],"operation":"teleport","channel_id":"1000","token":"right"}""", "1")]
    [InlineData("""{"module":"leads","ids":["1"],"channel_id":"1000","token":"before"}""", "1")]
    public void a_notification_of_our_channel_names_leads(string body, string ids)
    {
        var notification = Read(body);

        notification.Status.ShouldBe(200);
        string.Join(',', notification.Ids).ShouldBe(ids);
    }

    [Theory]
    [InlineData("")]
    [InlineData("not json")]
    [InlineData("<html></html>")]
    [InlineData("module=Leads&ids=1")]
    [InlineData("[]")]
    [InlineData("\"Leads\"")]
    [InlineData("null")]
    [InlineData("{" + Ours + "}")]
    [InlineData("{" + Ours + ",\"module\":\"Contacts\",\"ids\":[\"1\"]}")]
    [InlineData("{" + Ours + ",\"module\":7,\"ids\":[\"1\"]}")]
    [InlineData("{" + Ours + ",\"module\":\"Leads\"}")]
    [InlineData("{" + Ours + ",\"module\":\"Leads\",\"ids\":null}")]
    [InlineData("{" + Ours + ",\"module\":\"Leads\",\"ids\":[]}")]
    [InlineData("{" + Ours + ",\"module\":\"Leads\",\"ids\":\"1\"}")]
    [InlineData("{" + Ours + ",\"module\":\"Leads\",\"ids\":[\"x\"]}")]
    [InlineData("{" + Ours + ",\"module\":\"Leads\",\"ids\":[\"\"]}")]
    [InlineData("{" + Ours + ",\"module\":\"Leads\",\"ids\":[null]}")]
    [InlineData("{" + Ours + ",\"module\":\"Leads\",\"ids\":[1.5]}")]
    [InlineData("{" + Ours + ",\"module\":\"Leads\",\"ids\":[\"-1\"]}")]
    [InlineData("{" + Ours + ",\"module\":\"Leads\",\"ids\":[\"../../Contacts\"]}")]
    [InlineData("{" + Ours + ",\"module\":\"Leads\",\"ids\":[{\"id\":\"1\"}]}")]
    [InlineData("{" + Ours + ",\"module\":\"\\ud800\",\"ids\":[\"1\"]}")]
    [InlineData("{\"a\":[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]," + Ours + ",\"module\":\"Leads\",\"ids\":[\"1\"]}")]
    public void what_is_no_notification_is_answered_with_a_sentence(string body)
    {
        var notification = Read(body);

        notification.Status.ShouldBe(400);
        notification.Problem.ShouldNotBeNullOrEmpty();
        notification.Ids.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("""{"module":"Leads","ids":["1"],"channel_id":"1000","token":"wrong"}""")]
    [InlineData("""{"module":"Leads","ids":["1"],"channel_id":"1000","token":"long-ago"}""")]
    [InlineData("""{"module":"Leads","ids":["1"],"channel_id":"1000","token":""}""")]
    [InlineData("""{"module":"Leads","ids":["1"],"channel_id":"1000","token":["right"]}""")]
    [InlineData("""{"module":"Leads","ids":["1"],"channel_id":"1000"}""")]
    [InlineData("""{"module":"Leads","ids":["1"],"channel_id":"1000","operation":"delete"}""")]
    [InlineData("""{"module":"Leads","ids":["1"],"channel_id":"1001","token":null,"operation":"delete"}""")]
    [InlineData("""{"module":"Leads","ids":["1"],"channel_id":"1001","token":"right"}""")]
    [InlineData("""{"module":"Leads","ids":["1"],"token":"right"}""")]
    [InlineData("""{"module":"Contacts","ids":[],"channel_id":"1000","token":"wrong"}""")]
    [InlineData("{}")]
    public void who_does_not_know_channel_and_token_is_told_nothing(string body)
    {
        var notification = Read(body, secretGiven: true);

        notification.Status.ShouldBe(401);
        notification.Problem.ShouldBeNull();
    }

    [Theory]
    [InlineData(true, 200)]
    [InlineData(false, 401)]
    public void null_in_place_of_the_token_needs_the_secret_of_the_address(bool secretGiven, int status)
    {
        foreach (var operation in new[] { "insert", "update", "delete" })
        {
            Read(
                $$"""{"module":"Leads","ids":["1"],"channel_id":"1000","token":null,"operation":"{{operation}}"}""",
                secretGiven).Status.ShouldBe(status);
        }
    }

    [Fact]
    public void an_id_of_another_form_does_not_lose_the_others() =>
        Read("{" + Ours + ",\"module\":\"Leads\",\"ids\":[\"1\",\"x\",\"2\"]}").Ids.ShouldBe(["1", "2"]);

    [Fact]
    public void a_notification_may_leave_out_the_module() => Read("{" + Ours + ",\"ids\":[\"1\"]}").Ids.ShouldBe(["1"]);

    private static Notification Read(string body, bool secretGiven = false) =>
        Notification.Read(Encoding.UTF8.GetBytes(body), Accepted, secretGiven, Now);
}
