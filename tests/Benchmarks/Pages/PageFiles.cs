using LeadSync.Benchmarks.Leads;

namespace LeadSync.Benchmarks.Pages;

/// <summary>A page on disk, as CSV and as Zoho's zip.</summary>
internal sealed record PageFiles(LeadPage Page, string Csv, string Zip)
{
    public static async Task<PageFiles> WriteAsync(Bench bench, string name, LeadPage page, CancellationToken cancellationToken)
    {
        var path = Path.Combine(bench.Run.Temporary, name);
        await page.WriteAsync($"{path}.csv", $"{path}.zip", cancellationToken);
        return new PageFiles(page, $"{path}.csv", $"{path}.zip");
    }
}
