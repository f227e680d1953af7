using LeadSync.Chaos.Faults;

namespace LeadSync.Chaos.Verdict;

/// <summary>What struck, when, and for how long it could be felt.</summary>
internal sealed class FaultLog
{
    private readonly List<(DateTimeOffset From, DateTimeOffset To)> spans = [];
    private readonly Dictionary<string, int> strikes = [];

    public IReadOnlyDictionary<string, int> Strikes => strikes;

    /// <summary>Until when, at the latest, what the broker had accepted was thrown away.</summary>
    public DateTimeOffset LastWipe { get; private set; }

    /// <summary>What happened before concerned nobody: the services were starting.</summary>
    public void Begin(DateTimeOffset at) => spans.Add((DateTimeOffset.MinValue, at));

    /// <param name="from">When it began to strike.</param>
    /// <param name="to">When everything ran and was ready again.</param>
    public void Add(Fault fault, bool struck, DateTimeOffset from, DateTimeOffset to)
    {
        spans.Add((from, to + fault.Aftermath));
        strikes[fault.Name] = strikes.GetValueOrDefault(fault.Name) + (struck ? 1 : 0);
        if (struck && fault.Name == Servers.Wipe)
            LastWipe = to;
    }

    public bool IsOn(DateTimeOffset at) => spans.Any(span => span.From <= at && at <= span.To);

    /// <summary>How long, until a moment, no fault was on: only then can something be found that none explains.</summary>
    public TimeSpan Quiet(DateTimeOffset until)
    {
        var (quiet, reached) = (TimeSpan.Zero, spans.Min(span => span.To));
        foreach (var (from, to) in spans.Append((until, until)).OrderBy(span => span.Item1).TakeWhile(span => span.Item1 <= until))
        {
            quiet += from > reached ? from - reached : TimeSpan.Zero;
            reached = to > reached ? to : reached;
        }

        return quiet;
    }
}
