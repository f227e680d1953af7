using LeadSync.Contracts;
using LeadSync.Scheduler.Log;
using LeadSync.Scheduler.Recording;
using LeadSync.Scheduler.Status;

namespace LeadSync.UnitTests.Scheduler.Log;

public sealed class LogEntryTests
{
    private static readonly DateTimeOffset At = new(2026, 8, 20, 10, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(0, Tone.Good, "Page 3 of the bulk read is in the view: 12 leads changed, 1 parked.")]
    [InlineData(
        -2, Tone.Busy,
        "Page 3 of the bulk read is in the view: 12 leads changed, 1 parked. Two files of it had 2 rows fewer than Zoho counts.")]
    [InlineData(
        1500, Tone.Busy,
        "Page 3 of the bulk read is in the view: 12 leads changed, 1 parked. Two files of it had 1,500 rows more than Zoho counts.")]
    public void a_page_whose_files_have_other_rows_than_zoho_counts_is_told_with_the_difference(int difference, object tone, string text)
    {
        var entry = LogEntry.Of(new RecordedEvent(7, Guid.Empty, new BulkPageProjected(Guid.Empty, 3, "77", 12, 100, 1, difference), At))
            .ShouldNotBeNull();

        (entry.Tone, entry.Text).ShouldBe(((Tone)tone, text));
    }
}
