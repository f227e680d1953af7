namespace LeadSync.Simulation.Services;

/// <summary>A machine's clock, and its timers.</summary>
internal sealed class ProcessClock(World world, Process process, TimeSpan skew) : TimeProvider
{
    public Process Process => process;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => world.Now + skew;

    public override long GetTimestamp() => world.Now.UtcTicks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ProcessTimer(world, this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }
}

internal sealed class ProcessTimer(World world, ProcessClock clock, Action ring) : ITimer
{
    private DateTimeOffset due;

    public ProcessClock Clock => clock;

    /// <summary>When the timer fires. On a stalled machine, it fires after the stall.</summary>
    public DateTimeOffset Due => clock.Process.IsStalled && due < clock.Process.StalledUntil ? clock.Process.StalledUntil : due;

    public void Ring() => ring();

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        world.Unset(this);
        due = world.Now + dueTime;
        if (dueTime != Timeout.InfiniteTimeSpan)
            world.Set(this);
        return true;
    }

    public void Dispose() => world.Unset(this);

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }
}
