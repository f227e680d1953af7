namespace LeadSync.Chaos;

/// <param name="Seed">Decides which fault strikes when and how hard, and which leads change.</param>
/// <param name="Duration">The time for which faults strike: each kind at least once, then all of them again in another order until
/// the time is over.</param>
public sealed record ChaosOptions(int Seed, TimeSpan Duration)
{
    internal const int UsualRate = 20;

    /// <summary>The number of leads that the simulated Zoho has at first.</summary>
    public int Leads { get; init; } = 2_000;

    /// <summary>Changes in the simulated Zoho a second.</summary>
    public int EditsPerSecond { get; init; } = UsualRate;

    /// <summary>The length of a server's pause.</summary>
    public TimeSpan ServerPause { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The longest time between two faults.</summary>
    public TimeSpan Calm { get; init; } = TimeSpan.FromSeconds(6);

    /// <summary>The pause in every round in which no fault strikes and every aftermath is over.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The number of kinds of fault that strike; the seed chooses them. Null for all kinds.</summary>
    public int? Kinds { get; init; }

    /// <summary>Strikes each kind once, with short pauses.</summary>
    public static ChaosOptions Short(int seed) => new(seed, TimeSpan.Zero)
    {
        Leads = 1_000,
        ServerPause = TimeSpan.FromSeconds(6),
        Calm = TimeSpan.FromSeconds(1),
    };
}
