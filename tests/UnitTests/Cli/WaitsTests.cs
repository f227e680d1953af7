using LeadSync.Cli.CommandLine;

namespace LeadSync.UnitTests.Cli;

/// <summary>A wait ends at its deadline, and reports the last known state.</summary>
public sealed class WaitsTests
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Deadline = TimeSpan.FromMilliseconds(100);

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
            Until(_ => throw new CommandException(ExitCode.Unreachable, "The scheduler cannot read its database.")));
        (failure.ExitCode, failure.Message).ShouldBe((ExitCode.Unreachable, "The scheduler cannot read its database."));
    }

    [Fact]
    public async Task an_action_that_the_scheduler_does_not_take_in_time_is_not_waited_for() =>
        (await Should.ThrowAsync<CommandException>(Waits.Within(Deadline, Hang, TimeProvider.System, Stop)))
            .ExitCode.ShouldBe(ExitCode.Unreachable);

    [Fact]
    public async Task an_interrupt_is_no_deadline()
    {
        using var interrupt = new CancellationTokenSource();
        var wait = Waits.Until(Hang, _ => { }, Moment, TimeSpan.FromHours(1), TimeProvider.System, wasReached: true, interrupt.Token);
        await interrupt.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(wait);
    }

    private static Task<string?> Until(Func<CancellationToken, Task<string?>> look, bool wasReached = true) =>
        Waits.Until(look, _ => { }, Moment, Deadline, TimeProvider.System, wasReached, Stop);

    private static async Task<string?> Hang(CancellationToken ct)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ct);
        return null;
    }
}
