using LeadSync.Contracts;

namespace LeadSync.Cli.Preview;

/// <summary>The cost of a first sync.</summary>
/// <param name="Pages">The number of pages of the bulk read.</param>
/// <param name="Credits">The most API credits.</param>
/// <param name="LeastMinutes">The time when Zoho exports quickly.</param>
/// <param name="MostMinutes">The time when Zoho exports slowly.</param>
internal sealed record FirstSync(long Leads, long Pages, long Credits, long LeastMinutes, long MostMinutes)
{
    private const long LeadsPerPage = ZohoLimits.RowsPerBulkPage;

    // The gateway reads the status with growing pauses, and once more when Zoho calls back. It downloads the file once.
    private const long StatusReads = 15;

    // The channel, the fields, and the catch-up that reads the changes of the meantime.
    private const long Others = 10;

    // Minutes for each page. Zoho does not document how long an export takes, and people report times between these.
    private const long QuickExport = 1;
    private const long SlowExport = 10;

    // Rows a minute on a small machine. The projector folds a page while Zoho exports the next, so only the last page counts.
    private const long FoldedPerMinute = 600_000;

    public static FirstSync Of(long leads)
    {
        var pages = Math.Max(1, (leads + LeadsPerPage - 1) / LeadsPerPage);
        var fold = (Math.Min(leads, LeadsPerPage) + FoldedPerMinute - 1) / FoldedPerMinute;
        return new(leads, pages, (pages * (ZohoLimits.BulkJobCredits + StatusReads + 1)) + Others,
            (pages * QuickExport) + fold, (pages * SlowExport) + fold);
    }
}
