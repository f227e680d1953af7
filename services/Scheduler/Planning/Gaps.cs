using System.Collections.Immutable;

namespace LeadSync.Scheduler.Planning;

/// <summary>The open gaps, and for a while the closed ones, in the order of Zoho's time.</summary>
internal sealed record Gaps
{
    private const int MostOpen = 100;
    private const int MostClosed = 200;
    private static readonly TimeSpan Memory = TimeSpan.FromDays(30);

    public ImmutableList<Gap> All { get; init; } = [];

    public IEnumerable<Gap> Open => All.Where(gap => gap.IsOpen);

    public IEnumerable<Gap> Closed => All.Where(gap => !gap.IsOpen);

    public bool AreEnded => Open.All(gap => gap.To is not null);

    /// <summary>Adds a gap, or extends the gap that it continues. A repeated message does not open a closed gap again.</summary>
    public Gaps Add(Gap gap)
    {
        if (Closed.Any(closed => closed.IsLike(gap) && closed.Contains(gap)))
            return this;

        var continued = Open.Where(open => open.IsLike(gap) && open.Touches(gap)).ToList();
        var rest = All.RemoveRange(continued);
        return Ordered(rest.Add(continued.Aggregate(gap, (widened, open) => widened.With(open)))).Bounded();
    }

    /// <summary>Sets the end of the gaps that still last. A gap that begins at or after this end is dropped.</summary>
    public Gaps End(DateTimeOffset at) => this with
    {
        All = All.RemoveAll(gap => gap.To is null && gap.From >= at).ConvertAll(gap => gap.To is null ? gap with { To = at } : gap),
    };

    public Gaps Close(Guid id, DateTimeOffset at)
    {
        var closed = All.ConvertAll(gap => gap.IsOpen && gap.IsCalled(id) ? gap with { ClosedAt = at } : gap);
        var forgotten = closed.Where(gap => gap.ClosedAt < at - Memory)
            .Concat(closed.Where(gap => !gap.IsOpen).OrderByDescending(gap => gap.ClosedAt).Skip(MostClosed));
        return this with { All = closed.RemoveRange(forgotten.Distinct()) };
    }

    private Gaps Bounded()
    {
        var open = Open.Take(2).ToList();
        return Open.Count() <= MostOpen ? this : Ordered(All.RemoveRange(open).Add(open[0].With(open[1])));
    }

    private static Gaps Ordered(IEnumerable<Gap> gaps) =>
        new() { All = [.. gaps.OrderBy(gap => gap.From).ThenBy(gap => gap.Kind).ThenBy(gap => gap.Cause, StringComparer.Ordinal)] };
}
