using LeadSync.Scheduler.Planning;
using LeadSync.Simulation.Model;
using LeadSync.Simulation.Services;

namespace LeadSync.Simulation;

/// <summary>
/// People who work in Zoho, operators, failing machines, and passing time. Faults that happen by chance are drawn where they happen.
/// </summary>
internal sealed class Nemesis(World world)
{
    private static readonly Disturbance[] Acts =
    [
        Disturbance.Create, Disturbance.Edit, Disturbance.EditTwiceInASecond, Disturbance.EditSilently, Disturbance.Delete,
        Disturbance.Purge, Disturbance.Forget, Disturbance.RestoreTouched, Disturbance.RestoreSilently, Disturbance.ConvertTouched,
        Disturbance.ConvertSilently, Disturbance.Merge, Disturbance.MassUpdate, Disturbance.InvalidValue, Disturbance.ZohoDown,
        Disturbance.Crowd, Disturbance.ChannelRemoved, Disturbance.BrokerDown, Disturbance.DatabaseDown, Disturbance.RowRefused,
        Disturbance.CrashGateway, Disturbance.CrashProjector, Disturbance.CrashScheduler, Disturbance.StallGateway,
        Disturbance.StallProjector, Disturbance.StallScheduler, Disturbance.LeaderChanges, Disturbance.HandlerFails,
        Disturbance.RequestCatchUp, Disturbance.RequestFullComparison, Disturbance.PauseOrResume, Disturbance.ReplayParked,
        Disturbance.MinutesPass, Disturbance.HoursPass,
    ];

    private Chance Chance => world.Chance;

    private ZohoModel Zoho => world.Zoho;

    private List<Process> Processes => [.. world.Gateways, .. world.Projectors, .. world.Schedulers];

    public void Begin()
    {
        for (var lead = 0; lead < world.Profile.Leads; lead++)
            Zoho.Create();
        world.Pass(TimeSpan.FromSeconds(30));
        foreach (var process in Processes)
            process.Start();
    }

    public void End()
    {
        world.Trace($"Zoho goes quiet");
        world.QuietSince = world.Now;
        if (world.Log.State.IsPaused)
            world.Log.Record(new SyncResumed(world.Now));
        while (Restart())
        {
        }

        Mend();
    }

    /// <summary>The leading scheduler, or else one that may become the leader.</summary>
    public SchedulerProcess? Leader() =>
        world.Schedulers.FirstOrDefault(scheduler => scheduler.Leads) ?? world.Schedulers.FirstOrDefault(scheduler => scheduler.IsUp);

    public bool Restart()
    {
        if (Processes.FirstOrDefault(process => !process.IsUp) is not { } process)
            return false;

        process.Start();
        return true;
    }

    public void Act()
    {
        var act = Chance.Percent(35) ? Disturbance.Edit : Acts[Chance.Below(Acts.Length)];
        world.Trace($"— {act}");
        if (act != Disturbance.Edit && !(world.Profile.Happens(act) && (Work(act) || Fail(act) || Order(act))))
            Work(act = Disturbance.Edit);
        world.Struck(act);
    }

    /// <returns>Whether the act was possible.</returns>
    private bool Work(Disturbance act)
    {
        var alive = Zoho.Alive();
        var gone = Zoho.Leads.Where(other => !other.IsAlive && other.IsInBin).ToList();
        return act switch
        {
            Disturbance.Create => Do(Zoho.Leads.Count < 8, Zoho.Create),
            Disturbance.RestoreTouched or Disturbance.RestoreSilently =>
                Do(gone.Count > 0, () => Zoho.Restore(Chance.OneOf(gone), act == Disturbance.RestoreTouched)),
            Disturbance.Purge => Do(gone.Count > 0, () => Chance.OneOf(gone).Purge()),
            Disturbance.Forget => Do(Zoho.Leads.Count > 0, () => Chance.OneOf(Zoho.Leads).Forget(world.Now)),
            _ => Do(alive.Count > 0, null) && Work(act, Chance.OneOf(alive), alive),
        };
    }

    private bool Work(Disturbance act, ZohoLead lead, List<ZohoLead> alive) => act switch
    {
        Disturbance.Edit => Do(true, () => Zoho.Edit(lead)),
        Disturbance.EditSilently => Do(true, () => Zoho.Edit(lead, silently: true)),
        Disturbance.EditTwiceInASecond => Do(true, () =>
        {
            Zoho.Edit(lead);
            if (Chance.Percent(50))
                world.Pass(Chance.Seconds(1) / 2);
            Zoho.Edit(lead);
        }),
        Disturbance.InvalidValue => Do(true, () => Zoho.Edit(lead, isInvalid: true)),
        Disturbance.Delete => Do(true, () => Zoho.Delete(lead)),
        Disturbance.ConvertTouched or Disturbance.ConvertSilently => Do(true, () => Zoho.Convert(lead, act == Disturbance.ConvertSilently)),
        Disturbance.Merge => Do(alive.Count > 1, () => Zoho.Merge(alive[0], alive[1 + Chance.Below(alive.Count - 1)])),
        Disturbance.MassUpdate => Do(true, () => Zoho.UpdateMany([.. alive.Where(_ => Chance.Percent(60))])),
        Disturbance.RowRefused => Do(Chance.Percent(30), () => world.Leads.Refused.Add(lead.Id)),
        Disturbance.HandlerFails => Do(Chance.Percent(20), () => world.Leads.Unbearable.Add(lead.Id)),
        _ => false,
    };

    private bool Fail(Disturbance act) => act switch
    {
        Disturbance.ChannelRemoved => Do(Zoho.HasChannel, () => Zoho.Channel = null),
        Disturbance.ZohoDown => Do(true, () => Zoho.DownUntil = world.Now + Chance.Seconds(Chance.Of(10, 300, 7200))),
        Disturbance.Crowd => Do(true, () => Zoho.CrowdedUntil = world.Now + Chance.Seconds(Chance.Of(60, 3600))),
        Disturbance.BrokerDown => Do(true, () => world.Broker.DownUntil = world.Now + Chance.Seconds(Chance.Of(5, 60, 1800))),
        Disturbance.DatabaseDown => Do(true, () => world.DatabaseDownUntil = world.Now + Chance.Seconds(Chance.Of(5, 60, 1800))),
        Disturbance.CrashGateway => Crash(world.Gateways),
        Disturbance.CrashProjector => Crash(world.Projectors),
        Disturbance.CrashScheduler => Crash(world.Schedulers),
        Disturbance.StallGateway => Stall(world.Gateways),
        Disturbance.StallProjector => Stall(world.Projectors),
        Disturbance.StallScheduler => Stall(world.Schedulers),
        Disturbance.MinutesPass => Do(true, () => world.Pass(Chance.Seconds(Chance.Of(60, 600, 1200)))),
        Disturbance.HoursPass => Do(world.Profile.LongPauses, () => world.Pass(Chance.Seconds(Chance.Of(2 * 3600, 12 * 3600, 30 * 3600)))),
        Disturbance.LeaderChanges => Do(true, () =>
        {
            foreach (var scheduler in world.Schedulers)
                scheduler.LoseLock();
            Chance.OneOf(world.Schedulers).Act();
        }),
        _ => false,
    };

    private bool Order(Disturbance act) => act switch
    {
        Disturbance.RequestCatchUp => Do(true, () => world.Log.Record(new CatchUpRequested(world.Now))),
        Disturbance.RequestFullComparison => Do(true, () => world.Log.Record(new FullComparisonRequested(world.Now))),
        Disturbance.PauseOrResume =>
            Do(true, () => world.Log.Record(world.Log.State.IsPaused ? new SyncResumed(world.Now) : new SyncPaused(world.Now))),
        Disturbance.ReplayParked => Do(!world.Parked.IsEmpty, Mend),
        _ => false,
    };

    /// <summary>The operator on call removes the cause, and replays everything that is parked.</summary>
    private void Mend()
    {
        world.Leads.Refused.Clear();
        world.Leads.Unbearable.Clear();
        world.Broker.Replay(world.Parked);
    }

    private bool Crash(IReadOnlyList<Process> replicas)
    {
        var one = Chance.OneOf(replicas);
        return Do(one.IsUp, one.Crash);
    }

    private bool Stall(IReadOnlyList<Process> replicas)
    {
        var one = Chance.OneOf(replicas);
        return Do(one.IsUp, () => one.Stall(Chance.Seconds(Chance.Of(20, 300, 3600))));
    }

    private static bool Do(bool isPossible, Action? act)
    {
        if (isPossible)
            act?.Invoke();
        return isPossible;
    }
}
