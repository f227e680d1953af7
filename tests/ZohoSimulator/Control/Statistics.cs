using System.Collections.Concurrent;

namespace LeadSync.ZohoSimulator.Control;

/// <summary>Counts of events since the start, by name.</summary>
internal sealed class Statistics
{
    private readonly ConcurrentDictionary<string, long> calls = new();
    private readonly ConcurrentDictionary<string, long> counts = new();

    public IReadOnlyDictionary<string, long> Calls => new SortedDictionary<string, long>(calls);

    public IReadOnlyDictionary<string, long> Counts => new SortedDictionary<string, long>(counts);

    public void Called(string kind) => calls.AddOrUpdate(kind, 1, (_, count) => count + 1);

    public void Counted(string what, long by = 1) => counts.AddOrUpdate(what, by, (_, count) => count + by);
}
