using System.Collections.Concurrent;

namespace LeadSync.ZohoSimulator.Control;

/// <summary>Counts of events since the start, by name.</summary>
internal sealed class Statistics
{
    private readonly ConcurrentDictionary<string, long> _calls = new();
    private readonly ConcurrentDictionary<string, long> _counts = new();

    public IReadOnlyDictionary<string, long> Calls => new SortedDictionary<string, long>(_calls);

    public IReadOnlyDictionary<string, long> Counts => new SortedDictionary<string, long>(_counts);

    public void Called(string kind) => _calls.AddOrUpdate(kind, 1, (_, count) => count + 1);

    public void Counted(string what, long by = 1) => _counts.AddOrUpdate(what, by, (_, count) => count + by);
}
