using LeadSync.ZohoSimulator.Clock;

namespace LeadSync.ZohoSimulator.Leads;

/// <summary>Changes of leads that nobody makes, without a new Modified_Time.</summary>
internal sealed class Drift(Dials dials, VirtualClock clock)
{
    private readonly DateTimeOffset start = clock.GetUtcNow();
    private long steps;

    public void Step() => Interlocked.Increment(ref steps);

    /// <summary>The number of changes of the lead's formulas.</summary>
    public long Formula(Lead lead)
    {
        if (!Hash.Among(Hash.Of((ulong)lead.Id ^ 0xF0), dials.FormulaDriftShare))
            return 0;

        var periods = dials.FormulaDriftEvery > TimeSpan.Zero ? (long)((clock.GetUtcNow() - start) / dials.FormulaDriftEvery) : 0;
        return Volatile.Read(ref steps) + periods;
    }

    /// <summary>The value of the hidden time columns: the last change of the lead, or their own last change.</summary>
    public DateTimeOffset Activity(Lead lead)
    {
        var every = dials.HiddenTimesMoveEvery;
        if (every <= TimeSpan.Zero)
            return lead.ModifiedTime;

        var sinceStart = (clock.GetUtcNow() - start).Ticks;
        var moved = start.AddTicks(sinceStart - (sinceStart % every.Ticks));
        return moved > lead.ModifiedTime && moved > start ? moved : lead.ModifiedTime;
    }
}
