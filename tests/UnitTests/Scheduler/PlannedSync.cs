using LeadSync.Contracts;
using LeadSync.Scheduler;
using LeadSync.Scheduler.Planning;

namespace LeadSync.UnitTests.Scheduler;

/// <summary>A sync that the test drives: it records messages, lets time pass, and takes the plan's steps like the reconciler.</summary>
internal sealed class PlannedSync
{
    public static readonly DateTimeOffset Start = new(2026, 8, 20, 8, 0, 0, TimeSpan.Zero);

    private readonly List<object> events = [];

    public SchedulerOptions Options { get; init; } = new();

    public SyncState State { get; private set; } = SyncState.Empty;

    public DateTimeOffset Now { get; private set; } = Start;

    /// <summary>All recorded events.</summary>
    public IReadOnlyList<object> Events => events;

    public PlannedSync Hear(params IEnumerable<object> heard)
    {
        foreach (var message in heard)
        {
            events.Add(message);
            State = SyncState.Apply(State, message);
        }

        return this;
    }

    /// <returns>The commands that the plan sends.</returns>
    public IReadOnlyList<object> Tick()
    {
        var step = Plan.Next(State, Options, Now);
        Hear(step.Events);
        Hear(step.Commands.Select(dispatch => dispatch.Sent));
        return [.. step.Commands.Select(dispatch => dispatch.Command)];
    }

    public IReadOnlyList<object> TickAfter(TimeSpan pause)
    {
        Now += pause;
        return Tick();
    }

    /// <summary>Lets time pass in ticks of a second.</summary>
    /// <returns>When each command of a kind was sent, in seconds from now.</returns>
    public IReadOnlyList<double> SecondsOf<TCommand>(TimeSpan duration)
    {
        var (seconds, started) = (new List<double>(), Now);
        while (Now < started + duration)
            seconds.AddRange(TickAfter(TimeSpan.FromSeconds(1)).OfType<TCommand>().Select(_ => (Now - started).TotalSeconds));
        return seconds;
    }

    /// <summary>Lets time pass until a command of a kind is sent, at most a day.</summary>
    public double SecondsUntil<TCommand>()
    {
        for (var seconds = 1; seconds <= 86_400; seconds++)
        {
            if (TickAfter(TimeSpan.FromSeconds(1)).OfType<TCommand>().Any())
                return seconds;
        }

        throw new ShouldAssertException($"No {typeof(TCommand).Name} was sent within a day.");
    }

    public PlannedSync Subscribe(TimeSpan? life = null, bool reopened = false) =>
        Hear(new ChannelRenewed("1000000068001", Now, Now + (life ?? TimeSpan.FromDays(1)), reopened));

    public BulkJobCreated JobCreated(int page = 1, string? job = null) => new(State.Run!.Id, page, job ?? $"job-{page}", Now);

    public BulkPageReady PageReady(int page = 1, bool more = false, string? token = null, string fields = "f1", string? job = null) =>
        new(State.Run!.Id, page, job ?? $"job-{page}", Now, 1000, more, token, fields);

    public BulkPageProjected PageProjected(int page = 1, string? job = null) => new(State.Run!.Id, page, job ?? $"job-{page}", 1000, 0, 0);

    /// <summary>Answers everything at once until there is nothing left to do: one page, one catch-up, one comparison.</summary>
    public static PlannedSync InSync(SchedulerOptions? options = null)
    {
        var sync = new PlannedSync { Options = options ?? new() };
        sync.Hear(new LeadershipTaken(Start));
        sync.Tick();
        sync.Subscribe();
        sync.Tick();
        sync.Hear(sync.JobCreated(), sync.PageReady(), sync.PageProjected());
        var sent = sync.Tick();
        sync.Hear(new LeadsCompared(sent.OfType<CompareLeads>().Single().RunId, 1000, 0));
        sync.Hear(new CatchUpRead(sent.OfType<CatchUp>().Single().CatchUpId, Start, 0, 0));
        Phases.Of(sync.State, sync.Now).ShouldBe(Phase.InSync);
        return sync;
    }
}
