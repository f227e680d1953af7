using LeadSync.Scheduler.Status;
using Npgsql;

namespace LeadSync.Scheduler.Console.BulkReads;

/// <summary>How far a bulk read is, row by row.</summary>
/// <param name="RowsPerSecond">Of the pages that are being applied; null while none is.</param>
/// <param name="SecondsLeft">For the rows that Zoho has shown so far.</param>
internal sealed record RunProgress(int RowsDone, double? RowsPerSecond, double? SecondsLeft, IReadOnlyList<PageProgress> Pages)
{
    public static RunProgress Of(StatusReport.RunReport run, IReadOnlyList<PageProgress> pages)
    {
        var applying = run.Pages.Where(page => page.State == "ready").Select(page => page.Page).ToHashSet();
        PageProgress[] current = [.. pages.Where(page => applying.Contains(page.Page))];
        var rowsDone = run.RowsProjected + current.Sum(page => page.Done);
        var rate = current.Sum(page => page.Done / Math.Max((page.At - page.StartedAt).TotalSeconds, 0.1));
        return new(
            rowsDone,
            rate >= 1 ? Math.Round(rate) : null,
            rate >= 1 ? Math.Round(Math.Max(run.Rows - rowsDone, 0) / rate, 1) : null,
            pages);
    }
}

/// <param name="Checked">Rows that were compared with what is known.</param>
/// <param name="Done">Rows that are applied, or change nothing.</param>
internal sealed record PageProgress(int Page, int Checked, int Done, DateTimeOffset StartedAt, DateTimeOffset At)
{
    /// <summary>Reads what the projectors publish of a run in <c>projector.page_progress</c>.</summary>
    public static async Task<IReadOnlyList<PageProgress>> ReadAsync(NpgsqlDataSource database, Guid runId, CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            "select page, checked, done, started_at, at from projector.page_progress where run_id = $1 order by page");
        command.Parameters.Add(new() { Value = runId });
        return await Published.OrNothing(async () =>
        {
            var pages = new List<PageProgress>();
            await using var row = await command.ExecuteReaderAsync(ct);
            while (await row.ReadAsync(ct))
                pages.Add(new(row.GetInt32(0), row.GetInt32(1), row.GetInt32(2), row.Time(3), row.Time(4)));
            return pages;
        }) ?? [];
    }
}
