using System.Threading.Channels;
using LeadSync.Contracts;
using LeadSync.Gateway.Notifications;
using LeadSync.Gateway.Records;
using Microsoft.Extensions.Time.Testing;
using static LeadSync.UnitTests.Gateway.FakeZoho;

namespace LeadSync.UnitTests.Gateway.Notifications;

public sealed class AnnouncementsTests : IDisposable
{
    private readonly FakeTimeProvider time = new(Start);
    private readonly Channel<LeadsAnnounced> published = Channel.CreateUnbounded<LeadsAnnounced>();
    private readonly Announcements announcements;
    private Task confirmed = Task.CompletedTask;

    public AnnouncementsTests() => announcements = new Announcements(
        (message, ct) =>
        {
            published.Writer.TryWrite((LeadsAnnounced)message);
            return confirmed.WaitAsync(ct);
        },
        time);

    public void Dispose() => announcements.Dispose();

    [Fact]
    public async Task each_lead_keeps_its_own_time_and_trace()
    {
        var confirm = new TaskCompletionSource();
        confirmed = confirm.Task;
        var first = announcements.Announce(["1"], new Origin(Start, "a"));
        var messages = new List<LeadsAnnounced> { await Published() };
        var others = Task.WhenAll(
            announcements.Announce(["2", "3"], new Origin(Start.AddSeconds(1), "b")),
            announcements.Announce(["3", "4"], new Origin(Start.AddSeconds(2), "c")));
        first.IsCompleted.ShouldBeFalse();
        time.Advance(Announcements.MinimumInterval);
        confirm.SetResult();
        await Task.WhenAll(first, others);

        messages.Add(await Published());
        AnnouncedLead.Of(messages.Select(message => (message, (string?)null))).ShouldBe(
        [
            Announced("1", 0, "a"), Announced("2", 1, "b"), Announced("3", 2, "c"), Announced("4", 2, "c"),
        ]);
        published.Reader.Count.ShouldBe(0);
    }

    [Fact]
    public async Task no_message_holds_more_leads_than_zoho_shows_at_once()
    {
        await announcements.Announce([.. Enumerable.Range(1, 120).Select(number => $"{number}")], new Origin(Start, null));

        new[] { await Published(), await Published(), await Published() }.Select(message => message.Ids.Count).ShouldBe([50, 50, 20]);
        published.Reader.Count.ShouldBe(0);
    }

    [Fact]
    public async Task what_is_not_confirmed_in_time_has_failed_and_the_next_does_not_wait_for_it()
    {
        confirmed = new TaskCompletionSource().Task;
        var first = announcements.Announce(["1"], new Origin(Start, null));
        await Published();
        time.Advance(NotificationIntake.Patience);
        await Should.ThrowAsync<OperationCanceledException>(first);

        confirmed = Task.CompletedTask;
        await announcements.Announce(["2"], new Origin(Start, null));
    }

    private static AnnouncedLead Announced(string id, int seconds, string trace) =>
        new(id, Source.Notification, Start.AddSeconds(seconds), Attempt: 0, trace);

    private Task<LeadsAnnounced> Published() =>
        published.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromMinutes(1));
}
