using LeadSync.Gateway.Zoho;

namespace LeadSync.Cli.Preview;

/// <summary>What a first sync takes.</summary>
/// <param name="Pages">Of the bulk read.</param>
/// <param name="Credits">API credits of Zoho, at most.</param>
/// <param name="LeastMinutes">When Zoho exports quickly.</param>
/// <param name="MostMinutes">When Zoho takes its time.</param>
internal sealed record FirstSync(long Leads, long Pages, long Credits, long LeastMinutes, long MostMinutes)
{
    private const long LeadsPerPage = ZohoLimits.RowsPerBulkPage;

    // The status is read with growing pauses, and once more when Zoho calls back; the file is fetched once.
    private const long StatusReads = 15;

    // The channel, the fields, and the catch-up that closes what changed meanwhile.
    private const long Others = 10;

    // Zoho does not say how long an export takes, and people report anything between these, in minutes a page.
    private const long QuickExport = 1;
    private const long SlowExport = 10;

    // Rows per minute on a small machine. Pages are folded while the next is exported, so only the last one counts.
    private const long FoldedPerMinute = 600_000;

    public static FirstSync Of(long leads)
    {
        var pages = Math.Max(1, (leads + LeadsPerPage - 1) / LeadsPerPage);
        var fold = (Math.Min(leads, LeadsPerPage) + FoldedPerMinute - 1) / FoldedPerMinute;
        return new(leads, pages, (pages * (ZohoLimits.BulkJobCredits + StatusReads + 1)) + Others,
            (pages * QuickExport) + fold, (pages * SlowExport) + fold);
    }
}
