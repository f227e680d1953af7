using LeadSync.Chaos.Faults;

namespace LeadSync.Chaos.Verdict;

/// <summary>Which fault struck when, and how long its aftermath lasted.</summary>
internal sealed class FaultLog
{
    private readonly List<(DateTimeOffset From, DateTimeOffset To)> spans = [];
    private readonly Dictionary<string, int> strikes = [];

    public IReadOnlyDictionary<string, int> Strikes => strikes;

    /// <summary>The end of the last wipe of the broker. Messages from before are lost.</summary>
    public DateTimeOffset LastWipe { get; private set; }

    /// <summary>Ignores everything before, because the services were starting.</summary>
    public void Begin(DateTimeOffset at) => spans.Add((DateTimeOffset.MinValue, at));

    /// <param name="from">When the fault began to strike.</param>
    /// <param name="to">When everything ran and was ready again.</param>
    public void Add(Fault fault, bool struck, DateTimeOffset from, DateTimeOffset to)
    {
        spans.Add((from, to + fault.Aftermath));
        strikes[fault.Name] = strikes.GetValueOrDefault(fault.Name) + (struck ? 1 : 0);
        if (struck && fault.Name == Servers.Wipe)
            LastWipe = to;
    }

    public bool IsOn(DateTimeOffset at) => spans.Any(span => span.From <= at && at <= span.To);

    /// <summary>The time without a fault until a moment. Only in this time can an error have no explanation.</summary>
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
