using LeadSync.Contracts;
using LeadSync.Projector.FullComparisons;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace LeadSync.UnitTests.Projector.FullComparisons;

/// <summary>The scheduler repeats a command that was not answered, and after a night without a projector all copies arrive.</summary>
public sealed class FullComparisonTests : IMissingLeads
{
    private static readonly CompareLeads Run = new(Guid.NewGuid(), DateTimeOffset.UnixEpoch, MaximumShare: 0.5);

    private readonly List<object> published = [];
    private readonly FullComparison comparison;
    private int missing = 1;
    private bool isRemembered = true;
    private LeadsCompared? remembered;

    public FullComparisonTests() => comparison = new(
        this,
        (message, _) =>
        {
            published.Add(message);
            return Task.CompletedTask;
        },
        new FakeTimeProvider(),
        NullLogger<FullComparison>.Instance);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private int Announcements => published.OfType<LeadsAnnounced>().Count();

    [Fact]
    public async Task a_run_is_compared_once_and_every_command_is_answered()
    {
        for (var copy = 0; copy < 3; copy++)
            await comparison.Compare(Run, Stop);

        Announcements.ShouldBe(1);
        published.OfType<LeadsCompared>().ShouldBe(Enumerable.Repeat(new LeadsCompared(Run.RunId, 100, 1), 3));
    }

    [Fact]
    public async Task held_back_leads_are_announced_once_however_often_they_are_released()
    {
        missing = 60;
        await comparison.Compare(Run, Stop);
        Announcements.ShouldBe(0);

        for (var copy = 0; copy < 3; copy++)
            await comparison.Release(new AnnounceMissing(Run.RunId), Stop);

        Announcements.ShouldBe(2, "60 leads are two announcements");
        published.OfType<LeadsCompared>().Select(answer => answer.HeldBack).ShouldBe([true, false, false, false]);
    }

    [Fact]
    public async Task a_comparison_that_failed_before_its_outcome_was_remembered_is_made_again()
    {
        isRemembered = false;
        await comparison.Compare(Run, Stop);
        await comparison.Compare(Run, Stop);

        Announcements.ShouldBe(2);
    }

    Task<(int Living, int Missing, bool IsComplete)> IMissingLeads.Count(CompareLeads run, CancellationToken ct) =>
        Task.FromResult((100, missing, true));

    Task<IReadOnlyList<string>> IMissingLeads.Find(CompareLeads run, CancellationToken ct) => Task.FromResult(Ids());

    Task IMissingLeads.HoldBack(CompareLeads run, int living, CancellationToken ct) => Task.CompletedTask;

    Task<(int Living, IReadOnlyList<string> Missing)> IMissingLeads.HeldBack(Guid runId, CancellationToken ct) =>
        Task.FromResult((100, Ids()));

    Task IMissingLeads.Remember(LeadsCompared answer, CancellationToken ct)
    {
        remembered = isRemembered ? answer : null;
        return Task.CompletedTask;
    }

    Task<LeadsCompared?> IMissingLeads.Answer(Guid runId, CancellationToken ct) =>
        Task.FromResult(remembered?.RunId == runId ? remembered : null);

    private IReadOnlyList<string> Ids() => [.. Enumerable.Range(1, missing).Select(id => $"{id}")];
}
