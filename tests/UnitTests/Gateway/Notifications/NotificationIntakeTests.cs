using System.Text;
using System.Threading.Channels;
using LeadSync.Contracts;
using LeadSync.Gateway;
using LeadSync.Gateway.Channels;
using LeadSync.Gateway.Notifications;
using LeadSync.Gateway.Zoho.Calls;
using LeadSync.ServiceDefaults;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Time.Testing;
using static LeadSync.UnitTests.Gateway.FakeZoho;

namespace LeadSync.UnitTests.Gateway.Notifications;

public sealed class NotificationIntakeTests : IDisposable
{
    private const string Secret = "secret";

    private readonly FakeTimeProvider time = new(Start.AddHours(1));
    private readonly FakeZoho zoho = new();
    private readonly ZohoClock clock;
    private readonly Receiving receiving = new();
    private readonly Channel<object> published = Channel.CreateUnbounded<object>();
    private readonly ChannelTokens tokens;
    private readonly Announcements announcements;
    private readonly NotificationIntake intake;
    private Task confirmed = Task.CompletedTask;

    public NotificationIntakeTests()
    {
        clock = new ZohoClock(time);
        // Every answer of Zoho shows Zoho's time.
        zoho.OnCall = _ => clock.Observe(time.GetUtcNow(), TimeSpan.Zero, Start);
        var options = GatewayOptions.From(
            new Settings(new ConfigurationBuilder().AddInMemoryCollection([new("Gateway:PublicUrl", "https://sync.test")]).Build()),
            Secret);
        tokens = new ChannelTokens(
            _ => Task.FromResult(new AcceptedTokens("1000", [new AcceptedToken(AcceptedTokens.Hash("right"), Start.AddDays(1))])), time);
        announcements = new Announcements(Publish, time);
        intake = new NotificationIntake(tokens, announcements, receiving, options, Publish, zoho, clock, time);
    }

    public void Dispose()
    {
        tokens.Dispose();
        announcements.Dispose();
    }

    [Fact]
    public async Task a_notification_is_answered_200_only_when_the_broker_has_it()
    {
        var confirm = new TaskCompletionSource();
        confirmed = confirm.Task;

        var answer = Take(1);
        (await published.Reader.ReadAsync(TestContext.Current.CancellationToken)).ShouldBeOfType<LeadsAnnounced>().Ids.ShouldBe(["1"]);
        answer.IsCompleted.ShouldBeFalse();
        confirm.SetResult();

        (await answer).Status.ShouldBe(200);
        receiving.TakeFirstRefusal().ShouldBeNull();
    }

    [Fact]
    public async Task what_the_broker_does_not_confirm_in_time_is_answered_503_and_remembered_as_refused()
    {
        confirmed = new TaskCompletionSource().Task;

        var answer = Take(1);
        time.Advance(NotificationIntake.Patience);

        (await answer).Status.ShouldBe(503);
        receiving.TakeFirstRefusal().ShouldBe(time.GetUtcNow());
        receiving.HeardAt.ShouldBeNull();
    }

    [Fact]
    public async Task more_leads_than_are_read_one_by_one_are_a_gap_of_zoho_s_time()
    {
        (await Take(1_001)).Status.ShouldBe(200);

        var gap = (await published.Reader.ReadAsync(TestContext.Current.CancellationToken)).ShouldBeOfType<GapDetected>();
        gap.Kind.ShouldBe(GapKind.ManyAtOnce);
        gap.From.ShouldBe(Start.AddMinutes(-10), TimeSpan.FromSeconds(3));
        gap.To.ShouldBe(Start, TimeSpan.FromSeconds(3));
    }

    [Fact]
    public async Task zoho_is_heard_in_its_own_time_once_it_has_shown_that()
    {
        (await Take(1)).Status.ShouldBe(200);
        receiving.HeardAt.ShouldBeNull("our own clock may be hours ahead");

        await clock.Ask(zoho, TestContext.Current.CancellationToken);
        time.Advance(Announcements.MinimumInterval);
        (await Take(1)).Status.ShouldBe(200);

        receiving.HeardAt.ShouldNotBeNull().ShouldBe(Start, TimeSpan.FromSeconds(3));
    }

    [Fact]
    public async Task as_many_leads_as_are_read_one_by_one_are_announced()
    {
        (await Take(1_000)).Status.ShouldBe(200);

        published.Writer.Complete();
        var messages = await published.Reader.ReadAllAsync(TestContext.Current.CancellationToken)
            .ToListAsync(TestContext.Current.CancellationToken);
        messages.Cast<LeadsAnnounced>().Sum(message => message.Ids.Count).ShouldBe(1_000);
    }

    private Task<Notification> Take(int leads) => intake.Take(
        Encoding.UTF8.GetBytes(
            $$"""
            {"module":"Leads","ids":["{{string.Join("\",\"", Enumerable.Range(1, leads))}}"],
             "operation":"update","channel_id":"1000","token":"right"}
            """),
        Secret);

    private Task Publish(object message, CancellationToken ct)
    {
        published.Writer.TryWrite(message);
        return confirmed.WaitAsync(ct);
    }
}
