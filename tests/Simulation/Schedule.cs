using LeadSync.Scheduler.Planning;
using LeadSync.Simulation.Mutants;

namespace LeadSync.Simulation;

/// <param name="Violation">Null when every guarantee held.</param>
/// <param name="Coverage">Which disturbance struck when.</param>
internal readonly record struct Outcome(Violation? Violation, Coverage Coverage);

/// <summary>Runs one schedule: first at random, then until everything is settled. Then compares the view with Zoho.</summary>
internal sealed class Schedule
{
    private const int MostRounds = 12_000;

    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);

    private readonly World world;
    private readonly Nemesis nemesis;

    private Schedule(World world)
    {
        this.world = world;
        nemesis = new Nemesis(world);
    }

    private bool IsBroken => world.Invariants.Violation is not null;

    private SyncState State => world.Log.State;

    public static Outcome Run(ulong seed, Seams seams, List<string>? trace = null)
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

        return new(world.Invariants.Violation, world.Coverage);
    }

    private void Run()
    {
        nemesis.Begin();
        if (world.Profile.BeginsSettled)
        {
            world.QuietSince = world.Now;
            Settle("everything is read once", () => IsSettled);
            world.QuietSince = null;
        }

        for (var acts = world.Profile.Acts; acts > 0 && !IsBroken;)
        {
            if (world.Chance.Below(world.Profile.Pace) > 0)
            {
                ComeAlong();
            }
            else
            {
                nemesis.Act();
                acts--;
            }

            world.Continuations.Run();
        }

        if (IsBroken)
            return;

        nemesis.End();
        Settle("the sync settles", () => IsSettled);
        if (IsBroken)
            return;

        // A lagging answer may still arrive; a moment later none can.
        for (var later = world.Now + TimeSpan.FromMinutes(5); world.Now < later && !IsBroken; Drain())
            world.Pass(later - world.Now);
        Order(new CatchUpRequested(world.Now), "a catch-up ends", () => !State.CatchUps.IsWanted && IsSettled);
        world.Invariants.Applied("convergence after one catch-up", world.Now, world.Now);
        // A heartbeat that failed as the outage ended is repeated a second later.
        world.Pass(TimeSpan.FromSeconds(1));
        Drain();
        world.Invariants.Noticed();
        Order(new FullComparisonRequested(world.Now), "a full comparison ends", () => !State.IsFullComparisonWanted && IsSettled);
        world.Invariants.Equal("convergence after a full comparison");
        world.Invariants.Replay();
        Repeat();
    }

    private bool IsSettled => IsCalm && world.Broker.IsEmpty && !world.Zoho.HasNotifications;

    private bool IsCalm =>
        State is
        {
            Run: null, Comparison: null, CatchUps: { Current: null, IsWanted: false, TooLargeSince: null }, IsFullComparisonWanted: false,
            LastGoodSync: not null
        }
        && !State.Gaps.Open.Any() && State.Channel.IsOpenAt(world.Now);

    // Hours of waiting for late messages are all alike, so only some schedules go through them minute by minute.
    private bool SleepsThrough => world.Profile.LongPauses && IsCalm;

    private string Unsettled =>
        $"Open gaps: {string.Join(", ", State.Gaps.Open)}; last good sync {State.LastGoodSync}; run {State.Run?.Id}; comparing "
            + $"{State.Comparison is not null}; "
        + $"catch-up {State.CatchUps.Current?.Id}, wanted {State.CatchUps.IsWanted}; channel open {State.Channel.IsOpenAt(world.Now)}; "
        + $"messages under way {!world.Broker.IsEmpty}, notifications {world.Zoho.HasNotifications}";

    /// <summary>
    /// Delivers old messages again, and reads everything again. The first time, some of it may be news.
    /// </summary>
    private void Repeat()
    {
        Again("convergence whatever comes late");
        var events = world.Leads.Events;
        Again("convergence whatever comes twice");
        world.Invariants.Replay();
        if (world.Leads.Events != events)
            world.Invariants.Break("idempotence", $"{world.Leads.Events - events} events were written although nothing had changed");
    }

    private void Again(string guarantee)
    {
        if (IsBroken)
            return;

        world.Broker.Repeat();
        Settle("what comes late is settled", () => IsSettled);
        world.Invariants.Equal(guarantee, isCompared: false);
        Order(new FullComparisonRequested(world.Now), "a full comparison ends", () => !State.IsFullComparisonWanted && IsSettled);
        world.Invariants.Equal(guarantee);
    }

    private void Order(object order, string what, Func<bool> isDone)
    {
        if (IsBroken)
            return;

        world.Trace($"ordered: {order}");
        world.Log.Record(order);
        Settle(what, isDone);
    }

    /// <summary>Lets the services take a step, or a moment pass.</summary>
    private void ComeAlong()
    {
        var choice = world.Chance.Below(100);
        if (choice < 50 && world.IsWaiting && world.Proceed())
            return;
        else if (choice < 75 && world.Broker.Deliver())
            return;
        else if (choice < 85 && nemesis.Leader()?.Act() == true)
            return;
        else if (choice < 90 && (world.Zoho.DeliverNotification() || world.Zoho.Work()))
            return;
        else if (choice < 92)
            nemesis.Restart();
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
            nemesis.Leader()?.Act();
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
            world.Invariants.Break("liveness", $"not within {MostRounds} rounds: {what}. {Unsettled}");
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
