using LeadSync.ServiceDefaults.Database;
using Npgsql;

namespace LeadSync.Scheduler.Status;

/// <summary>The progress of a page of a bulk read, which the projectors publish in <c>projector.page_progress</c>.</summary>
/// <param name="Checked">Rows that were compared with the known leads.</param>
/// <param name="Done">Rows that are applied, or change nothing.</param>
internal sealed record PageProgress(int Page, int Checked, int Done, DateTimeOffset StartedAt, DateTimeOffset At)
{
    public double RowsPerSecond => Done / Math.Max((At - StartedAt).TotalSeconds, 0.1);

    public static async Task<IReadOnlyList<PageProgress>> Read(NpgsqlDataSource database, Guid runId, CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            "select page, checked, done, started_at, at from projector.page_progress where run_id = $1 order by page").With(runId);
        return await PublishedTables.ReadIfExists(async () =>
        {
            var pages = new List<PageProgress>();
            await using var row = await command.ExecuteReaderAsync(ct);
            while (await row.ReadAsync(ct))
                pages.Add(new(row.GetInt32(0), row.GetInt32(1), row.GetInt32(2), row.Time(3), row.Time(4)));
            return pages;
        }) ?? [];
    }
}
