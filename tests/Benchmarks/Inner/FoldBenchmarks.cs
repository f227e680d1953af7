using BenchmarkDotNet.Attributes;
using LeadSync.Benchmarks.Leads;
using LeadSync.Projector.Leads;

namespace LeadSync.Benchmarks.Inner;

/// <summary>The pure merge rule, and the fingerprint of contents.</summary>
[MemoryDiagnoser]
public class FoldBenchmarks
{
    private const int Observations = 10;
    private static readonly DateTimeOffset Start = new(2026, 8, 15, 14, 0, 0, TimeSpan.Zero);

    private Content[] contents = [];

    [GlobalSetup]
    public void Generate() => contents =
    [
        .. Enumerable.Range(0, Observations).Select(number =>
        {
            var fields = LeadColumns.All.Zip(LeadPage.Cells(1, 1, number))
                .ToDictionary(cell => cell.First.ApiName, cell => (string?)cell.Second);
            return new Content(Start.AddSeconds(number * 7 % Observations), Start.AddSeconds(number), ContentHash.Of(fields), fields);
        }),
    ];

    [Benchmark(OperationsPerInvoke = Observations, Description = "fold an observation")]
    public bool Fold() => contents.Aggregate(Lead.Unknown, (lead, content) => lead.Observe(content)).IsAlive;

    [Benchmark(OperationsPerInvoke = Observations, Description = "tell two contents apart")]
    public int Differ() =>
        contents.Count(content => !Lead.IsEvent(Lead.Unknown.Observe(contents[0]), Lead.Unknown.Observe(contents[0]).Observe(content)));

    [Benchmark(Description = "fingerprint of a content by name")]
    public Guid Hash() => ContentHash.Of(contents[0].Fields!);
}
