using System.Text.Json;
using LeadSync.Scheduler.Alerts;
using LeadSync.Scheduler.Status;

namespace LeadSync.UnitTests.Scheduler.Alerts;

public sealed class AlertMessageTests
{
    private static readonly DateTimeOffset Since = new(2026, 8, 20, 3, 0, 0, TimeSpan.Zero);

    private static readonly AlertMessage Message = AlertMessage.Of(
        new Alert(17, ReasonKind.CatchUpFails, "Catching up has failed 3 times. <Zoho> & co.", Since, OpenedAt: Since.AddMinutes(10)),
            AlertEvent.Opened,
        Since.AddMinutes(10), new Uri("https://sync.example.org"));

    [Fact]
    public void a_message_says_what_is_wrong_since_when_what_to_do_and_where_to_look()
    {
        Message.Subject.ShouldBe("LeadSync, alert: Catching up has failed 3 times");
        foreach (var part in (string[])["<Zoho> & co.", "2026-08-20 03:00:00 UTC", "https://sync.example.org/runbooks#leadsynccatchupfails",
            "leadsync alerts ack 17"])
            Message.Plain.ShouldContain(part);
    }

    [Theory]
    [InlineData("The scheduler has been unable to read its database since 03:12:41 UTC, for 5 s: No connection.",
        "The scheduler has been unable to read its database since 03:12:41 UTC, for 5 s")]
    [InlineData("db1.example.org refuses. Look at it.", "db1.example.org refuses")]
    [InlineData("Held back:", "Held back")]
    [InlineData("Restart it", "Restart it")]
    public void a_subject_ends_with_the_first_part_of_the_text_and_cuts_no_time_and_no_name(string text, string subject) =>
        (Message with { Text = text }).Subject.ShouldBe($"LeadSync, alert: {subject}");

    [Fact]
    public void a_messages_json_is_for_programs()
    {
        var json = JsonSerializer.Deserialize<JsonElement>(Message.Body(WebhookFormat.Generic));
        json.GetProperty("type").GetString().ShouldBe("alert.opened");
        json.GetProperty("data").GetProperty("name").GetString().ShouldBe("LeadSyncCatchUpFails");
        json.GetProperty("data").GetProperty("severity").GetString().ShouldBe("critical");
        json.GetProperty("data").GetProperty("runbookUrl").GetString().ShouldBe("https://sync.example.org/runbooks#leadsynccatchupfails");
    }

    [Fact]
    public void slack_gets_text_without_markup_of_others() =>
        JsonSerializer.Deserialize<JsonElement>(Message.Body(WebhookFormat.Slack)).GetProperty("text")
            .GetString()!.ShouldContain("&lt;Zoho&gt; &amp; co.");

    [Fact]
    public void teams_gets_a_card() =>
        JsonSerializer.Deserialize<JsonElement>(Message.Body(WebhookFormat.Teams)).GetProperty("attachments")[0].GetProperty("content")
            .GetProperty("type").GetString()
            .ShouldBe("AdaptiveCard");

    [Fact]
    public void a_stored_message_is_unchanged() =>
        JsonSerializer.Deserialize<AlertMessage>(JsonSerializer.Serialize(Message)).ShouldBe(Message);
}
