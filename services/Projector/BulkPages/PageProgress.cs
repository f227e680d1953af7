using LeadSync.Contracts;
using LeadSync.ServiceDefaults.Database;
using Npgsql;

namespace LeadSync.Projector.BulkPages;

/// <summary>Publishes in <c>projector.page_progress</c> how far a page is, every few thousand rows.</summary>
internal sealed class PageProgress(NpgsqlDataSource database, BulkPageReady page)
{
    private const int RowsBetween = 5_000;

    private int @checked;
    private int done;
    private int published;

    /// <summary>A page has arrived. Deletes the progress of earlier runs.</summary>
    public Task Begin(CancellationToken ct) => Publish("""
        with forgotten as (delete from projector.page_progress where run_id <> $1)
        insert into projector.page_progress (run_id, page, checked, done) values ($1, $2, $3, $4)
        on conflict (run_id, page) do update set checked = $3, done = $4, started_at = now(), at = now()
        """, ct);

    /// <summary>Rows were compared with what is known.</summary>
    public Task Check(int rows, CancellationToken ct)
    {
        @checked += rows;
        return Update(ct);
    }

    /// <summary>Rows are done: applied, or found unchanged.</summary>
    public Task AddDone(int rows, CancellationToken ct) =>
        Interlocked.Add(ref done, rows) - Volatile.Read(ref published) >= RowsBetween ? Update(ct) : Task.CompletedTask;

    public Task Update(CancellationToken ct)
    {
        Volatile.Write(ref published, Volatile.Read(ref done));
        return Publish("""
            update projector.page_progress set checked = $3, done = greatest(done, $4), at = clock_timestamp()
            where run_id = $1 and page = $2
            """, ct);
    }

    private Task Publish(string sql, CancellationToken ct) =>
        database.Execute(sql, ct, page.RunId, page.Page, @checked, Volatile.Read(ref done));
}
