using LeadSync.Chaos.Faults;
using LeadSync.Chaos.Verdict;
using LeadSync.DevStack.Truth;

namespace LeadSync.Chaos.Tests;

/// <summary>A fault explains only errors during the fault and its aftermath.</summary>
public sealed class VerdictTests
{
    private static readonly DateTimeOffset Began = new(2026, 11, 29, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("gateway killed", 3, 0)]
    [InlineData("gateway killed", 6, 1)]
    [InlineData("database killed", 6, 0)]
    [InlineData("database killed", 16, 1)]
    [InlineData("broker killed", 34, 0)]
    [InlineData("broker killed", 36, 1)]
    public void an_error_after_the_aftermath_of_a_fault_is_unexpected(string fault, int secondsAfter, int unexpected) =>
        Unexpected(Log(fault), $"{Began.AddSeconds(70 + secondsAfter):yyyy-MM-ddTHH:mm:ss.fffZ} fail: LeadSync.Gateway[1] Something broke.")
            .Count.ShouldBe(unexpected);

    [Fact]
    public void an_error_before_any_fault_is_unexpected_and_one_while_the_services_started_is_not()
    {
        Unexpected(
            Log("broker killed"),
            $"{Began.AddSeconds(59):yyyy-MM-ddTHH:mm:ss.fffZ} fail: LeadSync.Gateway[1] Something broke.").Count.ShouldBe(1);
        Unexpected(Log("broker killed"), $"{Began.AddSeconds(-1):yyyy-MM-ddTHH:mm:ss.fffZ} fail: LeadSync.Gateway[1] Something broke.")
            .ShouldBeEmpty();
    }

    [Fact]
    public void no_fault_explains_an_unhandled_exception() =>
        Unexpected(Log("broker killed"), "Unhandled exception. System.InvalidOperationException").Count.ShouldBe(1);

    [Fact]
    public void it_is_quiet_from_the_end_of_one_faults_aftermath_to_the_beginning_of_the_next()
    {
        var log = Log("gateway killed");
        log.Add(Named("projector killed"), struck: true, Began.AddSeconds(72), Began.AddSeconds(73));

        // 60 s before the first fault, and from 5 s after the second.
        log.Quiet(Began.AddSeconds(100)).ShouldBe(TimeSpan.FromSeconds(60 + 22));
    }

    [Fact]
    public void each_round_has_a_pause_in_which_every_aftermath_is_over()
    {
        var options = ChaosOptions.Short(seed: 7) with { Kinds = 6 };

        Schedule.Of(options).Take(6).Max(next => next.Calm).ShouldBeGreaterThan(Fault.LongestAftermath + TimeSpan.FromSeconds(5));
    }

    // One fault of ten seconds, a minute after the beginning.
    private static FaultLog Log(string fault)
    {
        var log = new FaultLog();
        log.Begin(Began);
        log.Add(Named(fault), struck: true, Began.AddSeconds(60), Began.AddSeconds(70));
        return log;
    }

    [Theory]
    [InlineData("accepted", 200, 500, 0)]
    [InlineData("refused", 503, 71, 0)]
    [InlineData("lost", null, 71, 0)]
    [InlineData("refused", 503, 76, 1)]
    [InlineData("lost", null, 59, 1)]
    [InlineData("refused", 403, 65, 1)]
    public void a_fault_explains_a_refused_notification_during_it_and_its_aftermath(
        string outcome, int? status, int seconds, int unexpected)
    {
        var delivery = new Delivery("1", "Edit", Began, outcome, status, Began.AddSeconds(seconds));

        Ending.Refused([delivery], Log("gateway killed")).Count().ShouldBe(unexpected);
    }

    public static TheoryData<string> Kinds => [.. Fault.All.Select(fault => fault.Name)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void no_fault_explains_what_happens_after_its_aftermath(string kind)
    {
        var (log, over) = (Log(kind), Began.AddSeconds(71) + Named(kind).Aftermath);

        Unexpected(log, $"{over:yyyy-MM-ddTHH:mm:ss.fffZ} fail: LeadSync.Gateway[1] Something broke.").Count.ShouldBe(1);
        Ending.Refused([new Delivery("1", "Edit", Began, "refused", 503, over)], log).Count().ShouldBe(1);
    }

    private static Fault Named(string name) => Fault.All.Single(fault => fault.Name == name);

    private static List<string> Unexpected(FaultLog faults, string line)
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, line);
            return [.. ServiceLogs.Unexpected(file, faults)];
        }
        finally
        {
            File.Delete(file);
        }
    }
}
