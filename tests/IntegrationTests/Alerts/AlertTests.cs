using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using LeadSync.IntegrationTests.Cli;
using LeadSync.IntegrationTests.Deployment;
using LeadSync.IntegrationTests.Sync;
using LeadSync.TestSupport;

namespace LeadSync.IntegrationTests.Alerts;

/// <summary>The scheduler sends alerts without Prometheus: one when something is wrong, and one when it is over, even if a receiver
/// refuses the first attempt.</summary>
public sealed class AlertTests(SharedServers shared)
{
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact(SkipUnless = nameof(TestForm.IsLong), SkipType = typeof(TestForm), Skip = TestForm.OnlyLong)]
    public async Task a_held_comparison_sends_an_alert_by_webhook_and_mail_and_reminds_until_somebody_acknowledges_it_or_it_is_over()
    {
        using var webhook = new WebhookTarget();
        using var mail = new MailTarget();
        await using var sync = await RunningSync.StartAsync(
            shared, leads: 200,
            ("Scheduler__MaximumRemovalShare", "0.1"),
            ("Alerts__Webhooks__0__Url", webhook.Url),
            ("Alerts__Webhooks__0__Secret", Secret),
            ("Alerts__Mail__Server", $"127.0.0.1:{mail.Port}"),
            ("Alerts__Mail__Tls", "false"),
            ("Alerts__Mail__From", "leadsync@example.org"),
            ("Alerts__Mail__To", "oncall@example.org"),
            ("Alerts__RemindAfter", "00:00:02"),
            ("Alerts__ConsoleUrl", "https://sync.example.org"));
        await sync.InSync();
        (await CommandLine.Run(sync, "alerts")).ExitCode.ShouldBe(0);

        await sync.Turn(new { invisibleLeads = 0.3 });
        var compared = await CommandLine.Run(sync, "compare", "--wait");
        compared.ExitCode.ShouldBe(1);
        compared.Output.ShouldContain("of 200 leads seem to be gone");
        await sync.Turn(new { invisibleLeads = 0 });
        (await CommandLine.Run(sync, "status")).ExitCode.ShouldBe(1);
        var held = (await CommandLine.Run(sync, "compare", "held", "--json")).Json;
        var missing = held.GetProperty("missing").GetInt32();
        held.GetProperty("leads").GetArrayLength().ShouldBe(missing);

        await RunningSync.Until("the webhook has it", () => Task.FromResult(!webhook.Taken.IsEmpty), Minute);
        await RunningSync.Until("the mail server has it", () => Task.FromResult(!mail.Taken.IsEmpty), Minute);
        webhook.Taken.TryPeek(out var told).ShouldBeTrue();
        var signed = $"{told.Headers["webhook-id"]}.{told.Headers["webhook-timestamp"]}.{told.Body}";
        told.Headers["webhook-signature"].ShouldBe(
            $"v1,{Convert.ToBase64String(HMACSHA256.HashData(
                Convert.FromBase64String(Secret["whsec_".Length..]), Encoding.UTF8.GetBytes(signed)))}");
        var json = JsonSerializer.Deserialize<JsonElement>(told.Body);
        json.GetProperty("type").GetString().ShouldBe("alert.opened");
        json.GetProperty("data").GetProperty("name").GetString().ShouldBe("LeadSyncComparisonHeldBack");
        json.GetProperty("data").GetProperty("runbookUrl").GetString()
            .ShouldBe("https://sync.example.org/runbooks#leadsynccomparisonheldback");
        mail.Taken.TryPeek(out var letter).ShouldBeTrue();
        letter.ShouldContain("Subject: LeadSync, alert: Held back");

        await RunningSync.Until("the webhook was reminded", () => Task.FromResult(Types().Contains("alert.still_open")), Minute);
        var open = await CommandLine.Run(sync, "alerts", "--json");
        open.ExitCode.ShouldBe(1);
        var id = open.Json.GetProperty("alerts")[0].GetProperty("id").GetInt64();
        (await CommandLine.Run(sync, "alerts", "ack", $"{id}", "--reason", "sales looks at it")).ExitCode.ShouldBe(0);
        var (reminders, acknowledged) = (Reminders(), await At());
        (await CommandLine.Run(sync, "alerts")).Output.ShouldContain("acknowledged by somebody on this machine");
        await RunningSync.Until("five more reminders would have come", async () => await At() > acknowledged.AddSeconds(10));
        // One was on its way, and one was decided on just before.
        Reminders().ShouldBeLessThanOrEqualTo(reminders + 2);
        (await CommandLine.Run(sync, "compare", "release")).ExitCode.ShouldBe(2, "the release has to name the number of leads");
        (await CommandLine.Run(sync, "compare", "release", "--missing", $"{missing + 1}")).ExitCode.ShouldBe(1);
        (await CommandLine.Run(sync, "compare", "drop", "--reason", "the export was wrong")).ExitCode.ShouldBe(0);

        await RunningSync.Until("the webhook has got the end of the alert", () => Task.FromResult(Types().Contains("alert.closed")),
            2 * Minute);
        (Types().First(), Types().Last(), Types().Count(type => type != "alert.still_open")).ShouldBe(("alert.opened", "alert.closed", 2));
        await RunningSync.Until("it is in sync", async () => (await sync.Status()).GetProperty("inSync").GetBoolean());
        var log = (await CommandLine.Run(sync, "log")).Output;
        log.ShouldContain("The comparison that was held back was dropped. (somebody on this machine: the export was wrong)");
        log.ShouldContain($"Alert {id} was acknowledged. (somebody on this machine: sales looks at it)");

        async Task<DateTimeOffset> At() => (await sync.Status()).GetProperty("at").GetDateTimeOffset();

        int Reminders() => Types().Count(type => type == "alert.still_open");

        List<string> Types() => [.. webhook.Taken.Select(one =>
            JsonSerializer.Deserialize<JsonElement>(one.Body).GetProperty("type").GetString()!)];
    }

    [Fact]
    public async Task a_test_alert_reports_for_each_target_whether_it_was_reached()
    {
        // The mail server has a certificate of a private authority.
        var directory = Path.Combine(shared.Run.Temporary, $"tls-{Guid.NewGuid():n}");
        await using var tls = new PrivateTls(directory);
        using var mail = new MailTarget(tls);
        using var webhook = new WebhookTarget();
        await using var sync = await RunningSync.StartAsync(
            shared, leads: 1,
            ("Alerts__Webhooks__0__Url", "http://127.0.0.1:1/"), ("Alerts__Webhooks__0__Format", "slack"),
            ("Alerts__Webhooks__1__Url", $"{webhook.Url}login"), ("Alerts__Webhooks__1__Format", "teams"),
            ("Alerts__Mail__Server", $"localhost:{mail.Port}"), ("SSL_CERT_DIR", $"/etc/ssl/certs:{directory}"),
            ("Alerts__Mail__From", "leadsync@example.org"), ("Alerts__Mail__To", "oncall@example.org"));

        var tested = await CommandLine.Run(sync, "alerts", "test");

        tested.ExitCode.ShouldBe(1);
        (await CommandLine.Run(sync, "log")).Output.ShouldContain("A test alert was sent. (somebody on this machine)");
        tested.Output.ShouldContain("webhook 0 (127.0.0.1): ");
        tested.Output.ShouldContain("webhook 1 (127.0.0.1): webhook 1 (127.0.0.1) answers 302.");
        tested.Output.ShouldContain("mail: sent");
        mail.Taken.Single().ShouldContain("This is a test.");
    }
}
