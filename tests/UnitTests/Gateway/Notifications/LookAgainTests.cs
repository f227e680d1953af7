using LeadSync.Contracts;
using LeadSync.Gateway.Notifications;
using LeadSync.Gateway.Records;
using static LeadSync.UnitTests.Gateway.FakeZoho;

namespace LeadSync.UnitTests.Gateway.Notifications;

public sealed class LookAgainTests
{
    private readonly List<object> published = [];

    [Fact]
    public async Task leads_with_the_same_history_are_announced_together()
    {
        var soon = TimeSpan.FromSeconds(3);
        var later = Enumerable.Range(1, 60).Select(number => (Announced($"{number}", attempt: 1), soon))
            .Append((Announced("61", attempt: 2), TimeSpan.FromSeconds(10)));

        await LookAgain.Publish(later, Start, Publish, TestContext.Current.CancellationToken);

        published.Cast<LookAgain>()
            .Select(again => (again.Announcement.Ids.Count, again.Announcement.Attempt, again.DueAt))
            .ShouldBe([(50, 1, Start + soon), (10, 1, Start + soon), (1, 2, Start.AddSeconds(10))]);
    }

    [Theory]
    [InlineData(Source.CatchUp)]
    [InlineData(Source.FullComparison)]
    [InlineData(Source.BulkPage)]
    public async Task leads_that_were_not_notified_wait_where_no_notified_lead_waits_behind_them(Source source)
    {
        var later = (Announced("1", attempt: 1) with { Source = source }, TimeSpan.FromMinutes(15));

        await LookAgain.Publish([later], Start, Publish, TestContext.Current.CancellationToken);

        published.ShouldHaveSingleItem().ShouldBeOfType<LookAgainInQuestion>()
            .Question.Announcement.Ids.ShouldBe(["1"]);
    }

    private static AnnouncedLead Announced(string id, int attempt) => new(id, Source.Notification, Start, attempt);

    private Task Publish(object message, CancellationToken ct)
    {
        published.Add(message);
        return Task.CompletedTask;
    }
}
