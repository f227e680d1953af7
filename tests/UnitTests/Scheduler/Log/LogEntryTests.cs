using LeadSync.Contracts;
using LeadSync.Scheduler.Log;
using LeadSync.Scheduler.Planning;
using LeadSync.Scheduler.Recording;
using LeadSync.Scheduler.Status;
using LeadSync.UnitTests.Compatibility;

namespace LeadSync.UnitTests.Scheduler.Log;

public sealed class LogEntryTests
{
    private static readonly DateTimeOffset At = new(2026, 8, 20, 10, 0, 0, TimeSpan.Zero);

    // What only the plan needs.
    private static readonly Type[] Untold =
    [
        typeof(RenewChannelSent), typeof(CheckChannelSent), typeof(ChannelConfirmed), typeof(CreditsCounted), typeof(StartBulkReadSent),
        typeof(BulkJobCreated), typeof(CheckBulkJobSent), typeof(BulkJobCalledBack), typeof(BulkPageReady), typeof(CompareLeadsSent),
        typeof(RebuildViewSent), typeof(ViewRebuildProgressed), typeof(CatchUpStarted), typeof(CatchUpSent), typeof(CatchUpAdvanced),
    ];

    [Fact]
    public void every_event_is_told_but_those_that_only_the_plan_needs() =>
        Samples.SchedulerEvents.Values.Where(sample => Entry(sample) is null).Select(sample => sample.GetType()).Distinct()
            .ShouldBe(Untold, ignoreOrder: true);

    [Fact]
    public void every_action_is_told_with_its_author_and_reason()
    {
        var told = 0;
        foreach (var sample in Samples.SchedulerEvents.Values.Where(sample => sample.GetType().GetProperty("By") is not null))
        {
            var type = sample.GetType();
            var entry = Entry(sample).ShouldNotBeNull();
            entry.By.ShouldBe((string?)type.GetProperty("By")!.GetValue(sample), $"{type}");
            entry.Reason.ShouldBe((string?)type.GetProperty("Reason")?.GetValue(sample), $"{type}");
            told++;
        }

        told.ShouldBeGreaterThan(10);
    }

    public static TheoryData<object, string> Sentences => new()
    {
        { new RebuildRequested(false, null, At), "A rebuild of the view was requested." },
        { new RebuildRequested(true, null, At), "A return to the view before the last rebuild was requested." },
        { new RebuildRequested(false, At, At), "The view as of 2026-08-20 10:00:00 UTC was requested." },
        { new RebuildRequested(false, null, At, Retype: "Rating"), "A new column for Rating was requested." },
        { new ViewRebuilt(Guid.Empty, "legacy.leads", 2_000, 12, At), "The view was exchanged; 12 leads differ from the view before." },
        {
            new ViewRebuilt(Guid.Empty, "legacy.leads_as_of", 2_000, 12, null),
            "The view as of the requested moment is in legacy.leads_as_of, with 2,000 leads."
        },
        { new GapClosed(Guid.Empty, At), "A gap is closed: everything that may have been missing was read." },
        {
            new CatchUpRead(Guid.Empty, At, 2, 250),
            "A catch-up read everything up to 2026-08-20 10:00:00 UTC: 250 leads, on 2 pages."
        },
        { new CatchUpRead(Guid.Empty, At, 1, 1), "A catch-up read everything up to 2026-08-20 10:00:00 UTC: 1 lead, on 1 page." },
        { new CatchUpRead(Guid.Empty, At, 0, 0), "A catch-up read everything up to 2026-08-20 10:00:00 UTC: nothing had changed." },
        { new CatchUpPageProjected(Guid.Empty, 2), "Page 2 of a catch-up is in the view." },
    };

    [Theory, MemberData(nameof(Sentences), DisableDiscoveryEnumeration = true)]
    public void an_entry_says_what_happened(object happened, string text) => Entry(happened).ShouldNotBeNull().Text.ShouldBe(text);

    private static LogEntry? Entry(object happened) => LogEntry.Of(new RecordedEvent(7, Guid.Empty, happened, At));

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
