using LeadSync.Contracts;
using LeadSync.Gateway.Notifications;
using LeadSync.Gateway.Records;
using static LeadSync.UnitTests.Gateway.FakeZoho;

namespace LeadSync.UnitTests.Gateway.Notifications;

public sealed class LookAgainTests
{
    [Fact]
    public void leads_with_the_same_history_are_announced_together()
    {
        var soon = TimeSpan.FromSeconds(3);
        var later = Enumerable.Range(1, 60).Select(number => (Announced($"{number}", attempt: 1), soon))
            .Append((Announced("61", attempt: 2), TimeSpan.FromSeconds(10)));

        LookAgain.At(later, Start).Select(again => (again.Announcement.Ids.Count, again.Announcement.Attempt, again.DueAt))
            .ShouldBe([(50, 1, Start + soon), (10, 1, Start + soon), (1, 2, Start.AddSeconds(10))]);
    }

    private static AnnouncedLead Announced(string id, int attempt) => new(id, Source.Notification, Start, attempt);
}
