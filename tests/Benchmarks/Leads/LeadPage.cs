using System.IO.Compression;
using System.Text;
using LeadSync.Contracts;

namespace LeadSync.Benchmarks.Leads;

/// <summary>A page of a bulk read: which leads, and how many of them have changed since the page before.</summary>
/// <param name="First">The number of the first lead.</param>
/// <param name="ChangedShare">The share of leads with a later modified time and other values.</param>
internal sealed record LeadPage(int Seed, int First, int Rows, double ChangedShare = 0)
{
    private const long FirstId = 5725767000004000000;
    private static readonly DateTime FirstModified = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private const string Header = "Id,Modified_Time";

    public static string Id(int lead) => $"{FirstId + lead}";

    public int Changed => Enumerable.Range(First, Rows).Count(IsChanged);

    /// <summary>The texts of a lead's columns; a version changes some of them.</summary>
    public static IEnumerable<string> Cells(int seed, int lead, int version) => LeadColumns.All.Select((column, index) =>
    {
        var dice = Dice.Of(version > 0 && index % 7 == 5 ? seed + version : seed, lead, index);
        return dice.Among(column.Filled) ? column.Cell(dice) : "";
    });

    /// <summary>Writes the page as CSV and as Zoho's zip.</summary>
    public async Task WriteAsync(string csv, string zip, CancellationToken cancellationToken)
    {
        await using (var file = new StreamWriter(csv, append: false, new UTF8Encoding(false), 1 << 16))
            Write(file);
        File.Delete(zip);
        await using var archive = await ZipFile.OpenAsync(zip, ZipArchiveMode.Create, cancellationToken);
        await archive.CreateEntryFromFileAsync(csv, "page.csv", CompressionLevel.Fastest, cancellationToken);
    }

    public void Write(StreamWriter to)
    {
        to.Write($"{Header},{string.Join(',', LeadColumns.All.Select(column => column.ApiName))}\n");
        foreach (var lead in Enumerable.Range(First, Rows))
            WriteRow(to, lead, IsChanged(lead) ? 1 : 0);
    }

    /// <summary>The message that announces the page.</summary>
    public BulkPageReady Ready(string jobId, DateTimeOffset createdTime, string fieldSet) =>
        new(Guid.NewGuid(), 1, jobId, createdTime, Rows, false, null, fieldSet);

    private bool IsChanged(int lead) => Dice.Of(Seed + 1, lead, 0).Among(ChangedShare);

    private void WriteRow(StreamWriter file, int lead, int version)
    {
        file.Write(Id(lead));
        file.Write(',');
        file.Write(LeadColumns.Instant(FirstModified.AddSeconds(lead % 5_000_000).AddDays(version)));
        foreach (var cell in Cells(Seed, lead, version))
        {
            file.Write(',');
            file.Write(cell.AsSpan().ContainsAny("\",\r\n") ? $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : cell);
        }

        file.Write('\n');
    }
}
