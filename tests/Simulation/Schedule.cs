using LeadSync.Scheduler.Planning;

namespace LeadSync.Simulation;

/// <summary>Runs one schedule: first at random, then until everything is settled, and looks whether the view is what Zoho has.</summary>
internal sealed class Schedule
{
    private const int MostRounds = 12_000;

    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);

    private readonly World world;
    private readonly Outside outside;

    private Schedule(World world)
    {
        this.world = world;
        outside = new Outside(world);
    }

    private bool IsBroken => world.Guarantees.Violation is not null;

    private SyncState State => world.Log.State;

    /// <returns>Null when every guarantee held.</returns>
    public static Violation? Run(ulong seed, Seams seams, List<string>? trace = null)
    {
        var world = new World(seed, seams, trace);
        var before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(world.Continuations);
        try
        {
            new Schedule(world).Run();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }

        return world.Guarantees.Violation;
    }

    private void Run()
    {
        outside.Begin();
        for (var acts = world.Setting.Acts; acts > 0 && !IsBroken;)
        {
            if (world.Chance.Below(world.Setting.Pace) > 0)
            {
                ComeAlong();
            }
            else
            {
                outside.Act();
                acts--;
            }

            world.Continuations.Run();
        }

        if (IsBroken)
            return;

        outside.End();
        Settle("the sync settles", () => IsSettled);
        if (IsBroken)
            return;

        // An answer that lags behind may still come in; a moment later none can.
        world.Pass(TimeSpan.FromMinutes(5));
        Order(new CatchUpOrdered(world.Now), "a catch-up ends", () => !State.CatchUps.IsWanted && IsSettled);
        world.Guarantees.Applied("convergence after one catch-up", world.Now, world.Now);
        world.Guarantees.Noticed();
        Order(new FullComparisonOrdered(world.Now), "a full comparison ends", () => !State.IsFullComparisonWanted && IsSettled);
        world.Guarantees.Equal("convergence after a full comparison");
        world.Guarantees.Replay();
        Repeat();
    }

    private bool IsSettled => IsCalm && world.Broker.IsEmpty && !world.Zoho.HasNotifications;

    private bool IsCalm =>
        State is { Run: null, Comparison: null, CatchUps: { Current: null, IsWanted: false, TooLargeSince: null }, IsFullComparisonWanted: false, LastGoodSync: not null }
        && !State.Gaps.Open.Any() && State.Channel.IsOpenAt(world.Now);

    // Hours of waiting for what is late are hours of the same; only some schedules go through them minute by minute.
    private bool SleepsThrough => world.Setting.LongPauses && IsCalm;

    private string Unsettled =>
        $"Open gaps: {string.Join(", ", State.Gaps.Open)}; last good sync {State.LastGoodSync}; run {State.Run?.Id}; comparing {State.Comparison is not null}; "
        + $"catch-up {State.CatchUps.Current?.Id}, wanted {State.CatchUps.IsWanted}; channel open {State.Channel.IsOpenAt(world.Now)}; "
        + $"messages under way {!world.Broker.IsEmpty}, notifications {world.Zoho.HasNotifications}";

    /// <summary>What was ever said may come again, however late, and everything is read again. The first time some of it may be news.</summary>
    private void Repeat()
    {
        Again("convergence whatever comes late");
        var events = world.Leads.Events;
        Again("convergence whatever comes twice");
        world.Guarantees.Replay();
        if (world.Leads.Events != events)
            world.Guarantees.Break("idempotence", $"{world.Leads.Events - events} events were written although nothing had changed");
    }

    private void Again(string guarantee)
    {
        if (IsBroken)
            return;

        world.Broker.Repeat();
        Settle("what comes late is settled", () => IsSettled);
        world.Guarantees.Equal(guarantee, isCompared: false);
        Order(new FullComparisonOrdered(world.Now), "a full comparison ends", () => !State.IsFullComparisonWanted && IsSettled);
        world.Guarantees.Equal(guarantee);
    }

    private void Order(object order, string what, Func<bool> isDone)
    {
        if (IsBroken)
            return;

        world.Trace($"ordered: {order}");
        world.Log.Record(order);
        Settle(what, isDone);
    }

    /// <summary>The services do something, or a moment passes.</summary>
    private void ComeAlong()
    {
        var choice = world.Chance.Below(100);
        if (choice < 50 && world.IsWaiting && world.Proceed())
            return;
        else if (choice < 75 && world.Broker.Deliver())
            return;
        else if (choice < 85 && outside.Leader()?.Act() == true)
            return;
        else if (choice < 90 && (world.Zoho.DeliverNotification() || world.Zoho.Work()))
            return;
        else if (choice < 92)
            outside.Restart();
        else
            world.Pass(world.Chance.Seconds(world.Chance.Of(1, 1, 3, 8)));
    }

    private void Settle(string what, Func<bool> isDone)
    {
        var pause = TimeSpan.FromSeconds(1);
        for (var round = 0; round < MostRounds && !IsBroken; round++)
        {
            var news = world.Log.News;
            Drain();
            outside.Leader()?.Act();
            Drain();
            if (world.Log.News != news)
            {
                pause = TimeSpan.FromSeconds(1);
                continue;
            }

            if (isDone())
                return;

            var wanted = Earlier(world.Broker.NextDue, world.Zoho.NextNotification) - world.Now;
            world.Pass(wanted < pause || (wanted is not null && SleepsThrough) ? wanted.Value : pause);
            pause = pause * 4 < LongestPause ? pause * 4 : LongestPause;
        }

        if (!IsBroken)
            world.Guarantees.Break("liveness", $"not within {MostRounds} rounds: {what}. {Unsettled}");
    }

    private void Drain()
    {
        while (!IsBroken)
        {
            world.Continuations.Run();
            if (world.IsWaiting)
                world.Proceed();
            else if (!world.Broker.Deliver() && !world.Zoho.DeliverNotification() && !world.Zoho.Work())
                return;
        }
    }

    private static DateTimeOffset? Earlier(DateTimeOffset? one, DateTimeOffset? other) => one is null || other < one ? other ?? one : one;
}
