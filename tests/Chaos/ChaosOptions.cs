namespace LeadSync.Chaos;

/// <param name="Seed">Decides which fault strikes when and how hard, and what is edited.</param>
/// <param name="Duration">How long faults strike: each kind once in any case, then all of them again, in
/// another order, until it is over.</param>
public sealed record ChaosOptions(int Seed, TimeSpan Duration)
{
    /// <summary>How many leads the simulated Zoho has at first.</summary>
    public int Leads { get; init; } = 2_000;

    /// <summary>Changes in the simulated Zoho a second.</summary>
    public int EditsPerSecond { get; init; } = 20;

    /// <summary>How long servers are paused.</summary>
    public TimeSpan ServerPause { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The calm between two faults, at most.</summary>
    public TimeSpan Calm { get; init; } = TimeSpan.FromSeconds(6);

    /// <summary>How long, once in every round, no fault strikes and none can be felt.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How many kinds of fault strike, which the seed chooses; null for all of them.</summary>
    public int? Kinds { get; init; }

    /// <summary>Each kind once, with short pauses.</summary>
    public static ChaosOptions Short(int seed) => new(seed, TimeSpan.Zero)
    {
        Leads = 1_000,
        ServerPause = TimeSpan.FromSeconds(6),
        Calm = TimeSpan.FromSeconds(1),
    };
}
