using System.Text;
using BenchmarkDotNet.Attributes;
using LeadSync.Benchmarks.Leads;
using LeadSync.Contracts;
using LeadSync.Projector;
using LeadSync.Projector.BulkPages;
using LeadSync.Projector.FirstLoad;
using LeadSync.Projector.LegacyView;

namespace LeadSync.Benchmarks.Inner;

/// <summary>The cost of reading a page's CSV, for each row.</summary>
[MemoryDiagnoser]
public class PageBenchmarks
{
    private const int Rows = 2_000;
    private static readonly DateTimeOffset ObservedAt = new(2026, 8, 15, 14, 0, 0, TimeSpan.Zero);

    private byte[] csv = [];
    private FieldSet fields = new(0, []);
    private NewLeadRows block = new([], Module.Leads);

    [GlobalSetup]
    public void Generate()
    {
        using var text = new MemoryStream();
        using (var writer = new StreamWriter(text, new UTF8Encoding(false)))
            new LeadPage(1, 0, Rows).Write(writer);
        csv = text.ToArray();
        fields = new(1,
        [
            .. from column in LeadColumns.All
               let field = new LeadField(column.ApiName, column.Type, column.Choices)
               orderby field.ApiName
               select new SyncedField(field, new Column(field.ApiName, field.Type)),
        ]);
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Rows, Description = "CSV row, checked and hashed")]
    public Task<int> Compare() => Each(row => row.Hash.GetHashCode());

    [Benchmark(OperationsPerInvoke = Rows, Description = "CSV row to observation")]
    public Task<int> Observe() => Each(row => row.Observation(ObservedAt, default).Content!.Fields!.Count);

    [Benchmark(OperationsPerInvoke = Rows, Description = "CSV row to rows to copy")]
    public Task<int> Append() => Each(row =>
    {
        if (block.Count == 0 || block.Count == 1_000)
            block = new NewLeadRows(row.Columns, Module.Leads);
        row.AddTo(block, ObservedAt, default);
        return block.Count;
    });

    private async Task<int> Each(Func<PageReader, int> use)
    {
        using var rows = await PageReader.Open(new MemoryStream(csv), fields, CancellationToken.None);
        var sum = 0;
        while (await rows.Read(CancellationToken.None))
            sum += use(rows);
        return sum;
    }
}
