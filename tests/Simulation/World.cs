using System.Runtime.CompilerServices;
using LeadSync.Gateway.BulkReads;
using LeadSync.Simulation.Model;
using LeadSync.Simulation.Mutants;
using LeadSync.Simulation.Services;
using Npgsql;

namespace LeadSync.Simulation;

/// <summary>
/// One schedule: all parts of the system on one thread. Every wait of a part (for Zoho, the broker, the database) is a step in a list, and
/// chance draws the next step. In between, other parts continue, time passes, or a process dies.
/// </summary>
internal sealed class World
{
    public static readonly DateTimeOffset Start = new(2026, 8, 20, 8, 0, 0, TimeSpan.Zero);

    private readonly List<Waiting> waiting = [];
    private readonly List<ProcessTimer> timers = [];
    private readonly List<string>? trace;
    private int steps;

    public World(ulong seed, Seams seams, List<string>? trace = null)
    {
        this.trace = trace;
        Chance = new Chance(seed);
        Profile = new Profile(Chance);
        DatabaseSkew = Chance.Of(TimeSpan.Zero, -Profile.Skew, Profile.Skew);
        Seams = seams;
        Zoho = new ZohoModel(this);
        Broker = new Broker(this);
        Gateways = [.. Enumerable.Range(1, Profile.Replicas).Select(number => new GatewayProcess(this, number))];
        Projectors = [.. Enumerable.Range(1, Profile.Replicas).Select(number => new ProjectorProcess(this, number))];
        Schedulers = [.. Enumerable.Range(1, 2).Select(number => new SchedulerProcess(this, number))];
        Leads = new LeadTable(this);
        Log = new SyncLog(this);
        Invariants = new Invariants(this);
    }

    public Continuations Continuations { get; } = new();

    public Chance Chance { get; }

    public Profile Profile { get; }

    public Seams Seams { get; }

    /// <summary>True time, which is Zoho's.</summary>
    public DateTimeOffset Now { get; private set; } = Start;

    /// <summary>Whether faults and people's changes have ended.</summary>
    public bool IsQuiet => QuietSince is not null;

    public DateTimeOffset? QuietSince { get; set; }

    public Coverage Coverage { get; } = new();

    public ZohoModel Zoho { get; }

    public Broker Broker { get; }

    public IReadOnlyList<GatewayProcess> Gateways { get; }

    public IReadOnlyList<ProjectorProcess> Projectors { get; }

    public IReadOnlyList<SchedulerProcess> Schedulers { get; }

    public LeadTable Leads { get; }

    public SyncLog Log { get; }

    public ChannelRows Channel { get; } = new();

    public Dictionary<(Guid RunId, int Page), StoredJob> BulkJobs { get; } = [];

    public ReceivingRows Receiving { get; } = new();

    public ParkedRows Parked { get; } = new();

    public Invariants Invariants { get; }

    /// <summary>The error of the database's clock.</summary>
    public TimeSpan DatabaseSkew { get; }

    public DateTimeOffset DatabaseDownUntil { get; set; }

    public bool IsDatabaseDown => !IsQuiet && Now < DatabaseDownUntil;

    /// <summary>As <see cref="IsDatabaseDown"/>, and counts the disturbance.</summary>
    public bool IsDatabaseAway()
    {
        if (IsDatabaseDown)
            Struck(Disturbance.DatabaseDown);
        return IsDatabaseDown;
    }

    /// <summary>After a commit whose answer may get lost.</summary>
    public void Committed()
    {
        if (Strikes(Disturbance.CommitUnknown, Profile.DatabaseFails / 3))
            throw NoDatabase();
    }

    public bool IsTraced => trace is not null;

    public bool IsWaiting => waiting.Count > 0;

    /// <summary>A point at which a process waits for the outside, and may die.</summary>
    /// <param name="ct">Cancelled when the caller gives up.</param>
    public Task Step(Process process, string what, CancellationToken ct = default)
    {
        var step = new Waiting(process, what);
        waiting.Add(step);
        if (ct.CanBeCanceled)
        {
            ct.UnsafeRegister(_ =>
            {
                if (waiting.Remove(step))
                    step.SetCanceled(ct);
            }, null);
        }

        return step.Task;
    }

    public async Task Database(Process process, string what, CancellationToken ct = default)
    {
        await Step(process, what, ct);
        if (IsDatabaseAway() || Strikes(Disturbance.DatabaseError, Profile.DatabaseFails))
            throw NoDatabase();
    }

    /// <summary>A transient exception, like Npgsql's.</summary>
    public static NpgsqlException NoDatabase() => new("the database is down", new TimeoutException());

    /// <summary>Whether a disturbance strikes now, with this probability. None strikes at the quiet end.</summary>
    public bool Strikes(Disturbance disturbance, int percent)
    {
        if (IsQuiet || !Chance.Percent(percent))
            return false;

        Struck(disturbance);
        return true;
    }

    /// <summary>A disturbance has struck.</summary>
    public void Struck(Disturbance disturbance) => Coverage.Count(disturbance, Log.State);

    /// <summary>Draws a choice that is no disturbance.</summary>
    public bool Sometimes(int percent) => !IsQuiet && Chance.Percent(percent);

    /// <summary>Lets one of the waiting processes continue.</summary>
    /// <returns>False when all waiting processes are stalled.</returns>
    public bool Proceed()
    {
        var offset = Chance.Below(waiting.Count);
        var index = offset;
        while (waiting[index].Process.IsStalled)
        {
            index = (index + 1) % waiting.Count;
            if (index == offset)
                return false;
        }

        var step = waiting[index];
        waiting[index] = waiting[^1];
        waiting.RemoveAt(waiting.Count - 1);
        Trace($"{step.Process.Name}: {step.What}");
        step.SetResult();
        return true;
    }

    /// <summary>Ends the work of a process.</summary>
    public void Forget(Process process)
    {
        waiting.RemoveAll(step => step.Process == process);
        timers.RemoveAll(timer => timer.Clock == process.Clock);
    }

    public void Pass(TimeSpan time)
    {
        // Replicas that can receive record a heartbeat every second, so also just before and just after.
        var receiving = Gateways.Where(gateway => gateway.IsReceiving).ToList();
        receiving.ForEach(gateway => _ = gateway.Beat());
        Continuations.Run();
        receiving.RemoveAll(gateway => IsDatabaseDown);
        var until = Now + time;
        while (timers.MinBy(timer => timer.Due) is { } next && next.Due <= until)
        {
            Now = next.Due > Now ? next.Due : Now;
            timers.Remove(next);
            next.Ring();
            Continuations.Run();
            // At the quiet end, no step waits.
            if (IsQuiet && IsWaiting)
                until = Now;
        }

        Now = until;
        receiving.RemoveAll(gateway => IsDatabaseDown || !gateway.IsReceiving);
        receiving.ForEach(gateway => gateway.HasBeaten());
        receiving.ForEach(gateway => _ = gateway.Beat());
        Continuations.Run();
    }

    public void Set(ProcessTimer timer) => timers.Add(timer);

    public void Unset(ProcessTimer timer) => timers.Remove(timer);

    /// <summary>Writes a line, if there is a trace.</summary>
    public void Trace([InterpolatedStringHandlerArgument("")] ref TraceLine line) =>
        trace?.Add($"{++steps,5}  {Now:dd HH:mm:ss.fff}  {line.ToString()}");

    private sealed class Waiting(Process process, string what) : TaskCompletionSource
    {
        public Process Process { get; } = process;

        public string What { get; } = what;
    }
}
