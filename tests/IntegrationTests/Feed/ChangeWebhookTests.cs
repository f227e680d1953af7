using System.Net;
using System.Text.Json;
using LeadSync.IntegrationTests.Projector;
using LeadSync.IntegrationTests.Rebuilds;
using LeadSync.Projector.Feed;
using Microsoft.Extensions.Logging.Abstractions;
using StandardWebhooks;

namespace LeadSync.IntegrationTests.Feed;

/// <summary>The guarantees for receivers of the webhook. A receiver delays nothing else.</summary>
public sealed class ChangeWebhookTests(ProjectorParts projector) : IClassFixture<ProjectorParts>
{
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private static readonly Uri Url = new("https://receiver.example/leads");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task changes_are_sent_signed_in_order_and_repeated_until_they_are_accepted()
    {
        using var receiver = new Receiver();
        var (webhook, progress) = Webhook(receiver);
        (await webhook.Send(Url, Stop)).ShouldBe(0, "the webhook begins with the next change");
        for (var number = 1; number <= 150; number++)
            await projector.Fold(RebuildParts.Seen("9400000000001", number, number, $"n{number}"));

        receiver.Answer = HttpStatusCode.InternalServerError;
        (await webhook.Send(Url, Stop)).ShouldBe(0);
        (await projector.Value<string>("select trouble from projector.webhook")).ShouldBe("receiver.example answers 500");
        (await webhook.Send(Url, Stop)).ShouldBe(0, "the receiver is not called again at once");
        receiver.Ids.Count.ShouldBe(1);
        await projector.Fold(RebuildParts.Seen("9400000000001", 151, 151, "n151"));
        (await projector.Value<string>("select last_name from legacy.leads where id = '9400000000001'"))
            .ShouldBe("n151", "nothing waits for the receiver");

        receiver.Answer = HttpStatusCode.NoContent;
        await projector.Row("update projector.webhook set next_at = now() returning 1");
        (await webhook.Send(Url, Stop)).ShouldBe(2);

        receiver.Ids.Count.ShouldBe(3);
        receiver.Ids[1].ShouldBe(receiver.Ids[0], "the same changes are sent under the same id");
        receiver.Taken.SelectMany(Names).ShouldBe(Enumerable.Range(1, 151).Select(number => $"n{number}"));
        (await progress.Next(Stop)).ShouldBeNull();

        // The projector puts refused changes aside, and sends later ones.
        receiver.Answer = HttpStatusCode.BadRequest;
        await projector.Fold(RebuildParts.Seen("9400000000001", 152, 152, "refused"));
        for (var attempt = 0; attempt < 6; attempt++)
        {
            await projector.Row("update projector.webhook set next_at = now() returning 1");
            await webhook.Send(Url, Stop);
        }

        receiver.Answer = HttpStatusCode.NoContent;
        receiver.Taken.Clear();
        await projector.Fold(RebuildParts.Seen("9400000000001", 153, 153, "taken"));
        await webhook.Send(Url, Stop);
        receiver.Taken.SelectMany(Names).ShouldBe(["taken"]);

        // While the receiver is down, a replay waits for it, and keeps no later change waiting.
        receiver.Answer = HttpStatusCode.InternalServerError;
        await progress.Want(Stop);
        await webhook.Send(Url, Stop);
        receiver.Answer = HttpStatusCode.NoContent;
        await projector.Fold(RebuildParts.Seen("9400000000001", 154, 154, "later"));
        await webhook.Send(Url, Stop);
        receiver.Taken.SelectMany(Names).ShouldBe(["taken", "later"]);
        await projector.Row("update projector.webhook_dead_letters set next_at = now() returning 1");
        await webhook.Send(Url, Stop);
        receiver.Taken.SelectMany(Names).ShouldBe(["taken", "later", "refused"]);
        (await projector.Value<long>("select count(*) from projector.webhook_dead_letters")).ShouldBe(0);

        // The webhook sends no empty list for changes that the feed has dropped. A dead letter names them, and later changes follow.
        receiver.Answer = HttpStatusCode.BadRequest;
        await projector.Fold(RebuildParts.Seen("9400000000001", 155, 155, "refused for ever"));
        for (var attempt = 0; attempt < 6; attempt++)
        {
            await projector.Row("update projector.webhook set next_at = now() returning 1");
            await webhook.Send(Url, Stop);
        }

        await projector.Fold(RebuildParts.Seen("9400000000001", 156, 156, "not sent in time"));
        await webhook.Send(Url, Stop);
        await projector.Row("delete from legacy.lead_change_positions");
        receiver.Answer = HttpStatusCode.NoContent;
        await projector.Fold(RebuildParts.Seen("9400000000001", 157, 157, "kept"));
        await progress.Want(Stop);
        await projector.Row("update projector.webhook set next_at = now() returning 1");
        await webhook.Send(Url, Stop);
        receiver.Taken.SelectMany(Names).ShouldBe(["taken", "later", "refused", "kept"]);
        (await projector.Row("select is_wanted, trouble from projector.webhook_dead_letters"))
            .ShouldBe(new object[] { false, "expired: legacy.lead_changes no longer keeps these changes" });
    }

    [Fact]
    public async Task a_receiver_that_fails_for_a_day_gets_every_change_in_order_and_delays_no_view()
    {
        using var receiver = new Receiver();
        var (webhook, _) = Webhook(receiver);
        await webhook.Send(Url, Stop);
        receiver.Taken.Clear();
        var putAside = await DeadLetters();

        receiver.Answer = HttpStatusCode.InternalServerError;
        receiver.Ids.Clear();
        var changes = 0;
        for (var away = TimeSpan.Zero; away < TimeSpan.FromDays(1);)
        {
            if (changes < 105)
            {
                await projector.Fold(RebuildParts.Seen("9400000000002", ++changes, changes, $"n{changes}"));
                (await projector.Value<string>("select last_name from legacy.leads where id = '9400000000002'")).ShouldBe($"n{changes}");
            }

            (await webhook.Send(Url, Stop)).ShouldBe(0);
            var pause = await projector.Value<TimeSpan>("select next_at - now() from projector.webhook");
            pause.ShouldBeInRange(TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(5), "a receiver that is back gets its changes soon");
            away += pause;
            await projector.Row("update projector.webhook set next_at = now() returning 1");
        }

        receiver.Ids.Distinct().Count().ShouldBe(1, "the first batch is repeated, and later changes wait");
        receiver.Answer = HttpStatusCode.NoContent;
        await webhook.Send(Url, Stop);
        receiver.Taken.SelectMany(Names).ShouldBe(Enumerable.Range(1, changes).Select(number => $"n{number}"));
        (await DeadLetters()).ShouldBe(putAside);

        Task<long> DeadLetters() => projector.Value<long>("select count(*) from projector.webhook_dead_letters");
    }

    private (ChangeWebhook, WebhookProgress) Webhook(Receiver receiver)
    {
        var progress = new WebhookProgress(projector.Database);
        var options = new FeedOptions(WebhookUrl: Url, WebhookSecret: Secret);
        return (
            new(projector.Database, progress, options, receiver, TimeProvider.System, NullLogger<ChangeWebhook>.Instance),
            progress);
    }

    private static IEnumerable<string?> Names(JsonElement body) => body.GetProperty("data").GetProperty("changes").EnumerateArray()
        .Select(change => change.GetProperty("changed").GetProperty("Last_Name").GetProperty("new").GetString());

    private sealed class Receiver : HttpMessageHandler, IHttpClientFactory
    {
        public HttpStatusCode Answer { get; set; } = HttpStatusCode.NoContent;

        public List<string> Ids { get; } = [];

        public List<JsonElement> Taken { get; } = [];

        public HttpClient CreateClient(string name) => new(this, disposeHandler: false);

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var body = await request.Content!.ReadAsStringAsync(cancellationToken);
            string Header(string name) => request.Headers.GetValues(name).Single();
            var at = DateTimeOffset.FromUnixTimeSeconds(
                long.Parse(Header("webhook-timestamp"), System.Globalization.CultureInfo.InvariantCulture));
            Header("webhook-signature").ShouldBe(new StandardWebhook(Secret).Sign(Header("webhook-id"), at, body));
            Ids.Add(Header("webhook-id"));
            if (Answer == HttpStatusCode.NoContent)
                Taken.Add(JsonDocument.Parse(body).RootElement);
            return new(Answer);
        }
    }
}
