namespace LeadSync.Chaos.Verdict;

/// <summary>What struck, when, and for how long it could be felt.</summary>
internal sealed class FaultLog
{
    // A connection that was cut may be noticed only when three of the broker's heartbeats have stayed away, long after everything is ready again.
    private static readonly TimeSpan Aftermath = TimeSpan.FromSeconds(35);

    private readonly List<(DateTimeOffset From, DateTimeOffset To)> spans = [];
    private readonly Dictionary<string, int> strikes = [];

    public IReadOnlyDictionary<string, int> Strikes => strikes;

    /// <summary>Until when, at the latest, what the broker had accepted was thrown away.</summary>
    public DateTimeOffset LastWipe { get; private set; }

    /// <summary>What happened before concerned nobody: the services were starting.</summary>
    public void Begin(DateTimeOffset at) => spans.Add((DateTimeOffset.MinValue, at));

    public void Add(string fault, bool struck, DateTimeOffset from, DateTimeOffset to)
    {
        spans.Add((from, to + Aftermath));
        strikes[fault] = strikes.GetValueOrDefault(fault) + (struck ? 1 : 0);
        if (struck && fault == Faults.Servers.Wipe)
            LastWipe = to;
    }

    public bool IsOn(DateTimeOffset at) => spans.Any(span => span.From <= at && at <= span.To);
}
