namespace LeadSync.Projector.Rebuilds;

/// <summary>The progress of a rebuild: the rebuild updates it, and a timer reports it.</summary>
internal sealed class RebuildProgress(TimeProvider clock)
{
    private long done;
    private long foldingSince;
    private TimeSpan folded;

    /// <summary>In words, for people.</summary>
    public string Phase { get; private set; } = "starting";

    public bool IsFolding => foldingSince != 0 && folded == default;

    /// <summary>Leads to be folded.</summary>
    public long Total { get; private set; }

    /// <summary>Leads folded.</summary>
    public long Done => Interlocked.Read(ref done);

    public double PerSecond => Done / Math.Max(0.001, (folded == default ? clock.GetElapsedTime(foldingSince) : folded).TotalSeconds);

    public void Enter(string phase) => Phase = phase;

    public void BeginFolding(long total) => (Total, foldingSince) = (total, clock.GetTimestamp());

    public void EndFolding() => folded = clock.GetElapsedTime(foldingSince);

    public void Add(long rows) => Interlocked.Add(ref done, rows);
}
