using LeadSync.Scheduler.Planning;
using LeadSync.Simulation.Model;
using LeadSync.Simulation.Services;

namespace LeadSync.Simulation;

/// <summary>People who work in Zoho, machines that fail, time that passes.</summary>
internal sealed class Outside(World world)
{
    private static readonly Act[] Acts = Enum.GetValues<Act>();

    private Chance Chance => world.Chance;

    private ZohoModel Zoho => world.Zoho;

    private List<Process> Processes => [.. world.Gateways, .. world.Projectors, .. world.Schedulers];

    public void Begin()
    {
        for (var lead = 0; lead < world.Setting.Leads; lead++)
            Zoho.Create();
        world.Pass(TimeSpan.FromSeconds(30));
        foreach (var process in Processes)
            process.Start();
    }

    public void End()
    {
        world.Trace($"Zoho goes quiet");
        world.IsQuiet = true;
        if (world.Log.State.IsPaused)
            world.Log.Record(new SyncResumed(world.Now));
        while (Restart())
        {
        }
    }

    /// <summary>The scheduler that leads, or else one that may begin to.</summary>
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
        var act = Chance.Percent(35) ? Simulation.Act.Edit : Acts[Chance.Below(Acts.Length)];
        if (!world.Setting.Acting[(int)act])
            act = Simulation.Act.Edit;
        world.Trace($"— {act}");
        Do(act);
    }

    private void Do(Act act)
    {
        switch (act)
        {
            case Simulation.Act.Create when Zoho.Leads.Count < 8:
                Zoho.Create();
                break;
            case Simulation.Act.ChannelRemoved:
                Zoho.Channel = null;
                break;
            case Simulation.Act.ZohoDown:
                Zoho.DownUntil = world.Now + Chance.Seconds(Chance.Of(10, 300, 7200));
                break;
            case Simulation.Act.BrokerDown:
                world.Broker.DownUntil = world.Now + Chance.Seconds(Chance.Of(5, 60, 1800));
                break;
            case Simulation.Act.DatabaseDown:
                world.DatabaseDownUntil = world.Now + Chance.Seconds(Chance.Of(5, 60, 1800));
                break;
            case Simulation.Act.CrashGateway:
                Chance.OneOf(world.Gateways).Crash();
                break;
            case Simulation.Act.CrashProjector:
                Chance.OneOf(world.Projectors).Crash();
                break;
            case Simulation.Act.CrashScheduler:
                Chance.OneOf(world.Schedulers).Crash();
                break;
            case Simulation.Act.LeaderChanges:
                foreach (var scheduler in world.Schedulers)
                    scheduler.LoseLock();
                Chance.OneOf(world.Schedulers).Act();
                break;
            case Simulation.Act.OrderCatchUp:
                world.Log.Record(new CatchUpOrdered(world.Now));
                break;
            case Simulation.Act.OrderFullComparison:
                world.Log.Record(new FullComparisonOrdered(world.Now));
                break;
            case Simulation.Act.PauseOrResume:
                world.Log.Record(world.Log.State.IsPaused ? new SyncResumed(world.Now) : new SyncPaused(world.Now));
                break;
            case Simulation.Act.Stall:
                Chance.OneOf(Processes).Stall(Chance.Seconds(Chance.Of(20, 300, 3600)));
                break;
            case Simulation.Act.Crowd:
                Zoho.CrowdedUntil = world.Now + Chance.Seconds(Chance.Of(60, 3600));
                break;
            case Simulation.Act.MinutesPass:
                world.Pass(Chance.Seconds(Chance.Of(60, 600, 1200)));
                break;
            case Simulation.Act.HoursPass when world.Setting.LongPauses:
                world.Pass(Chance.Seconds(Chance.Of(2 * 3600, 12 * 3600, 30 * 3600)));
                break;
            default:
                Work(act);
                break;
        }
    }

    private void Work(Act act)
    {
        var alive = Zoho.Alive();
        var lead = alive.Count == 0 ? null : Chance.OneOf(alive);
        var gone = Zoho.Leads.Where(other => !other.IsAlive && other.IsInBin).ToList();
        switch (act)
        {
            case Simulation.Act.RestoreTouched or Simulation.Act.RestoreSilently when gone.Count > 0:
                Zoho.Restore(Chance.OneOf(gone), act == Simulation.Act.RestoreTouched);
                break;
            case Simulation.Act.Purge when gone.Count > 0:
                Chance.OneOf(gone).Purge();
                break;
            case Simulation.Act.Forget when Zoho.Leads.Count > 0:
                Chance.OneOf(Zoho.Leads).Forget(world.Now);
                break;
            case Simulation.Act.Delete when lead is not null:
                Zoho.Delete(lead);
                break;
            case Simulation.Act.EditSilently when lead is not null:
                Zoho.Edit(lead, silently: true);
                break;
            case Simulation.Act.EditTwiceInASecond when lead is not null:
                Zoho.Edit(lead);
                if (Chance.Percent(50))
                    world.Pass(Chance.Seconds(1) / 2);
                Zoho.Edit(lead);
                break;
            case Simulation.Act.ConvertTouched or Simulation.Act.ConvertSilently when lead is not null:
                Zoho.Convert(lead, act == Simulation.Act.ConvertSilently);
                break;
            case Simulation.Act.Merge when alive.Count > 1:
                Zoho.Merge(alive[0], alive[1 + Chance.Below(alive.Count - 1)]);
                break;
            case Simulation.Act.MassUpdate when alive.Count > 0:
                Zoho.UpdateMany([.. alive.Where(_ => Chance.Percent(60))]);
                break;
            default:
                if (lead is not null)
                    Zoho.Edit(lead);
                break;
        }
    }
}
