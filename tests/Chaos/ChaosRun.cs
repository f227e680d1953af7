using System.Diagnostics;
using LeadSync.Chaos.Faults;
using LeadSync.Chaos.Stage;
using LeadSync.Chaos.Verdict;
using LeadSync.DevStack;
using LeadSync.DevStack.Processes;
using LeadSync.DevStack.Truth;

namespace LeadSync.Chaos;

/// <summary>
/// Strikes faults while leads change all the time, and then compares the view with Zoho.
/// </summary>
public sealed class ChaosRun
{
    private readonly ChaosOptions options;
    private readonly Stack stack;
    private readonly RunDirectory run;
    private readonly Action<string> report;
    private readonly long started = Stopwatch.GetTimestamp();
    private readonly FaultLog faults = new();
    private readonly List<string> unexpected = [];

    private ChaosRun(ChaosOptions options, Stack stack, RunDirectory run, Action<string> report)
    {
        this.options = options;
        this.stack = stack;
        this.run = run;
        this.report = report;
    }

    /// <param name="report">Gets what happens, a line at a time.</param>
    /// <exception cref="DevStackException">The run could not begin; the message says why.</exception>
    public static async Task<ChaosReport> RunAsync(ChaosOptions options, RunDirectory run, Action<string> report, CancellationToken stop)
    {
        await using var stack = await Stack.StartAsync(options, run, report, stop);
        return await new ChaosRun(options, stack, run, report).RunAsync(stop);
    }

    private async Task<ChaosReport> RunAsync(CancellationToken stop)
    {
        var end = new Ending(stack, faults, run, Say);
        await end.FirstReadAsync(stop);
        faults.Begin(TimeProvider.System.GetUtcNow());
        var appendedBefore = await EventStore.CountAsync(stack.Database, EventStore.Appended, stop);

        var copy = new FeedCopy(stack.Database);
        await copy.BeginAsync(stop);
        var load = new Load(stack.Simulator.Http, options);
        using var endOfLoad = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var working = load.RunAsync(endOfLoad.Token);
        using var endOfCopy = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var copying = copy.FollowAsync(endOfCopy.Token);
        await StrikeAsync(stop);
        await endOfLoad.CancelAsync();
        await working;

        Say($"no more faults, no more changes; {load.Changes} there were");
        var result = await end.ReportAsync(options.Seed, load.Changes, appendedBefore, unexpected, started, stop);
        await endOfCopy.CancelAsync();
        await copying;
        return await copy.DifferenceAsync(stop) is { } difference ? result with { Lost = [.. result.Lost, difference] } : result;
    }

    private async Task StrikeAsync(CancellationToken stop)
    {
        var began = Stopwatch.GetTimestamp();
        foreach (var next in Schedule.Of(options))
        {
            if (!next.IsOfFirstRound && Stopwatch.GetElapsedTime(began) >= options.Duration)
                return;

            await Task.Delay(next.Calm, TimeProvider.System, stop);
            await StrikeAsync(next, stop);
        }
    }

    private async Task StrikeAsync(Scheduled next, CancellationToken stop)
    {
        Say(next.Fault.Name);
        var from = TimeProvider.System.GetUtcNow();
        var struck = false;
        try
        {
            struck = await next.Fault.StrikeAsync(new Strike(stack, options, new Random(next.Seed), stop));
            if (!struck)
                Say($"{next.Fault.Name}: what it waits for did not happen");
        }
        catch (Exception e) when (!stop.IsCancellationRequested)
        {
            unexpected.Add($"{next.Fault.Name} could not strike: {e.Message}");
            Say(unexpected[^1]);
        }

        await HealAsync(next.Fault.Name, stop);
        faults.Add(next.Fault, struck, from, TimeProvider.System.GetUtcNow());
    }

    private async Task HealAsync(string fault, CancellationToken stop)
    {
        try
        {
            await stack.HealAsync(stop);
        }
        catch (DevStackException e)
        {
            unexpected.Add($"after {fault}: {e.Message}");
            Say(unexpected[^1]);
        }

        foreach (var replica in stack.Replicas.Where(replica => replica.EndedByItself))
        {
            unexpected.Add($"after {fault}: {replica.Name} had ended by itself");
            Say(unexpected[^1]);
            await replica.StartAsync(stop);
        }

        foreach (var (queue, messages) in await stack.DeadLettersAsync(stop))
        {
            unexpected.Add($"after {fault}: {messages} messages in {queue}");
            Say(unexpected[^1]);
        }
    }

    private void Say(string what) => report($"{Stopwatch.GetElapsedTime(started).TotalSeconds,6:0.0} s  {what}");
}
