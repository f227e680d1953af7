using System.Globalization;
using LeadSync.Cli.CommandLine;
using Microsoft.Extensions.Time.Testing;

namespace LeadSync.UnitTests.Cli.CommandLine;

/// <summary>A wait ends at its deadline, and reports the last known state.</summary>
public sealed class PollingTests
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Deadline = TimeSpan.FromMilliseconds(100);

    private static CommandException Away { get; } = new(ExitCode.Unreachable, "The scheduler does not answer.");

    private static CommandException Blind { get; } = new(ExitCode.Unreachable, "The scheduler cannot read its database.")
    {
        IsBlind = true,
    };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task a_wait_ends_at_its_deadline_without_a_result() =>
        (await Until(_ => Task.FromResult<string?>(null))).ShouldBeNull();

    [Fact]
    public async Task a_scheduler_that_hangs_does_not_keep_a_wait_beyond_its_deadline()
    {
        var failure = await Should.ThrowAsync<CommandException>(Until(Hang, wasReached: false));
        failure.ExitCode.ShouldBe(ExitCode.Unreachable);
        failure.Message.ShouldStartWith("The scheduler has not answered for ");
    }

    [Fact]
    public async Task a_poll_without_an_answer_at_the_deadline_is_no_silence()
    {
        var looks = 0;
        (await Until(async ct => looks++ == 0 ? null : await Hang(ct))).ShouldBeNull();
    }

    [Fact]
    public async Task at_the_deadline_the_wait_says_why_the_scheduler_could_not_answer()
    {
        var failure = await Should.ThrowAsync<CommandException>(
            Until(_ => throw Blind, wasReached: false));
        (failure.ExitCode, failure.Message).ShouldBe((ExitCode.Unreachable, "The scheduler cannot read its database."));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task a_wait_outlasts_an_hour_without_the_scheduler_or_its_database_and_says_since_when(bool isBlind)
    {
        var clock = new FakeTimeProvider(DateTimeOffset.Parse("2026-08-15T03:00:00Z", CultureInfo.InvariantCulture));
        var ends = clock.GetUtcNow() + TimeSpan.FromHours(1);
        var told = new HashSet<string>();
        var wait = Polling.Until(_ => clock.GetUtcNow() >= ends ? Task.FromResult<string?>("done") : throw (isBlind ? Blind : Away),
            text => told.Add(text), Moment, timeout: null, clock, wasReached: true, Stop);
        while (!wait.IsCompleted)
        {
            clock.Advance(TimeSpan.FromMinutes(1));
            await Task.Yield();
        }

        (await wait).ShouldBe("done");
        told.ShouldHaveSingleItem().ShouldBe(
            isBlind ? Blind.Message : "The scheduler does not answer. It last answered at 2026-08-15 03:00:00Z.");
    }

    [Fact]
    public async Task a_scheduler_that_never_answered_is_not_waited_for() =>
        (await Should.ThrowAsync<CommandException>(Until(_ => throw Away, wasReached: false))).Message
            .ShouldBe("The scheduler does not answer.");

    [Fact]
    public async Task an_action_that_the_scheduler_does_not_take_in_time_is_not_waited_for() =>
        (await Should.ThrowAsync<CommandException>(Polling.Within(Deadline, Hang, TimeProvider.System, Stop)))
            .ExitCode.ShouldBe(ExitCode.Unreachable);

    [Fact]
    public async Task an_interrupt_is_no_deadline()
    {
        using var interrupt = new CancellationTokenSource();
        var wait = Polling.Until(Hang, _ => { }, Moment, TimeSpan.FromHours(1), TimeProvider.System, wasReached: true, interrupt.Token);
        await interrupt.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(wait);
    }

    [Theory]
    [InlineData("90s", 90)]
    [InlineData("1.5h", 5400)]
    [InlineData("2d", 172800)]
    [InlineData("00:10:00", 600)]
    [InlineData("10", null)]
    [InlineData("99999999d", null)]
    [InlineData("NaNs", null)]
    [InlineData("-00:10:00", null)]
    public void a_time_is_read_as_people_write_it(string text, int? seconds) =>
        (Polling.Parse(text)?.TotalSeconds).ShouldBe(seconds);

    private static Task<string?> Until(Func<CancellationToken, Task<string?>> look, bool wasReached = true) =>
        Polling.Until(look, _ => { }, Moment, Deadline, TimeProvider.System, wasReached, Stop);

    private static async Task<string?> Hang(CancellationToken ct)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ct);
        return null;
    }
}
