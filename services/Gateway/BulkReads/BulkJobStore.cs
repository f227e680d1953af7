using LeadSync.ServiceDefaults.Database;
using Npgsql;

namespace LeadSync.Gateway.BulkReads;

/// <summary>A job that Zoho created for a page.</summary>
/// <param name="FieldSet">The fields that the job exports.</param>
internal sealed record StoredJob(string JobId, DateTimeOffset CreatedTime, string FieldSet);

/// <summary>Remembers which job was created for which page, so that none is created twice. The service keeps it in PostgreSQL, the
/// simulation in a model.</summary>
internal interface IBulkJobStore
{
    /// <summary>Reserves the creation of a page's job, until the result is disposed of.</summary>
    /// <returns>Null while another delivery of the command, to this replica or another, creates the job.</returns>
    Task<IAsyncDisposable?> Reserve(Guid runId, int page, CancellationToken ct);

    /// <returns>The last job of the page; null when there is none.</returns>
    Task<StoredJob?> Find(Guid runId, int page, CancellationToken ct);

    Task Keep(Guid runId, int page, StoredJob job, CancellationToken ct);
}

internal sealed class BulkJobStore(NpgsqlDataSource database) : IBulkJobStore
{
    public async Task<IAsyncDisposable?> Reserve(Guid runId, int page, CancellationToken ct)
    {
        var connection = await database.OpenConnectionAsync(ct);
        try
        {
            // A call to Zoho takes five minutes at most. A frozen replica must not keep the page for much longer, so PostgreSQL then ends
            // its transaction.
            var transaction = await connection.BeginTransactionAsync(ct);
            await using var command = new NpgsqlCommand("""
                select pg_try_advisory_xact_lock(hashtext('leadsync.bulk_job'), hashtext($1)),
                    set_config('idle_in_transaction_session_timeout', '6min', true)
                """, connection).With($"{runId} {page}");
            if (await command.ExecuteScalarAsync(ct) is true)
                return new Reservation(connection, transaction);

            await connection.DisposeAsync();
            return null;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public async Task<StoredJob?> Find(Guid runId, int page, CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            "select job_id, created_time, field_set from gateway.bulk_job where run_id = $1 and page = $2").With(runId, page);
        await using var row = await command.ExecuteReaderAsync(ct);
        return await row.ReadAsync(ct)
            ? new StoredJob(row.GetString(0), await row.GetFieldValueAsync<DateTimeOffset>(1, ct), row.GetString(2))
            : null;
    }

    public async Task Keep(Guid runId, int page, StoredJob job, CancellationToken ct)
    {
        // Zoho keeps a file for a day.
        await database.Execute("""
            with forgotten as (delete from gateway.bulk_job where kept_at < now() - interval '2 days')
            insert into gateway.bulk_job (run_id, page, job_id, created_time, field_set) values ($1, $2, $3, $4, $5)
            on conflict (run_id, page) do update set
                job_id = excluded.job_id, created_time = excluded.created_time, field_set = excluded.field_set, kept_at = now()
            """, ct, runId, page, job.JobId, job.CreatedTime, job.FieldSet);
    }

    private sealed class Reservation(NpgsqlConnection connection, NpgsqlTransaction transaction) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await transaction.DisposeAsync();
            await connection.DisposeAsync();
        }
    }
}
