using LeadSync.ZohoSimulator.Clock;

namespace LeadSync.ZohoSimulator.Leads;

/// <summary>What changes in leads without anybody changing them, and without a new Modified_Time.</summary>
internal sealed class Drift(Dials dials, VirtualClock clock)
{
    private readonly DateTimeOffset _start = clock.GetUtcNow();
    private long _steps;

    public void Step() => Interlocked.Increment(ref _steps);

    /// <summary>How far the lead's formulas have moved.</summary>
    public long Formula(Lead lead)
    {
        if (!Hash.Among(Hash.Of((ulong)lead.Id ^ 0xF0), dials.FormulaDriftShare))
            return 0;

        var periods = dials.FormulaDriftEvery > TimeSpan.Zero ? (long)((clock.GetUtcNow() - _start) / dials.FormulaDriftEvery) : 0;
        return Volatile.Read(ref _steps) + periods;
    }

    /// <summary>What the hidden time columns show: the last change, or the last time they moved on their own.</summary>
    public DateTimeOffset Activity(Lead lead)
    {
        var every = dials.HiddenTimesMoveEvery;
        if (every <= TimeSpan.Zero)
            return lead.ModifiedTime;

        var sinceStart = (clock.GetUtcNow() - _start).Ticks;
        var moved = _start.AddTicks(sinceStart - (sinceStart % every.Ticks));
        return moved > lead.ModifiedTime && moved > _start ? moved : lead.ModifiedTime;
    }
}
