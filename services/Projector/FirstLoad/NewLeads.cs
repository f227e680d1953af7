using LeadSync.Projector.EventTables;
using LeadSync.Projector.Leads;
using LeadSync.Projector.LegacyView;
using LeadSync.ServiceDefaults.Database;
using LeadSync.ServiceDefaults.Telemetry;
using Npgsql;

namespace LeadSync.Projector.FirstLoad;

/// <summary>
/// Appends leads that are new. There is nothing to compare them with, so PostgreSQL's COPY writes their rows straight into the four tables.
/// Only this and the rebuild's fold bypass Marten (decision 1 says why).
/// </summary>
internal sealed class NewLeads(NpgsqlDataSource database, Module module, LeadMetrics metrics)
{
    /// <summary>Appends a block, all or nothing.</summary>
    /// <returns>
    /// False when nothing was written: another writer has appended one of the leads meanwhile, or PostgreSQL refuses a row. The caller has
    /// to fold the leads.
    /// </returns>
    public async Task<bool> Append(NewLeadRows rows, CancellationToken ct)
    {
        using var span = LeadSyncTelemetry.Source.StartActivity("append batch")?.SetTag("leadsync.leads", rows.Count);
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        try
        {
            // The registers come first: their primary key locks all other writers out of these leads.
            await Copy(
                connection, $"{module.Registers} (id, modified_time, observed_at, content_hash, last_seen, version)", rows.Registers, ct);
            await Copy(connection, RecordedEvents.CopiedStreams(module), rows.Streams, ct);
            await CopyEvents(connection, rows, ct);
            await Copy(connection, module.CopyTargetSql(rows.Columns), rows.View, ct);
            await transaction.CommitAsync(ct);
            metrics.CountNew(rows.Count, rows.LatestModified);
            return true;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.DeadlockDetected || LeadFold.IsDataError(e))
        {
            return false;
        }
    }

    private async Task CopyEvents(NpgsqlConnection connection, NewLeadRows rows, CancellationToken ct)
    {
        // Sequence numbers are taken inside the transaction, as Marten takes them.
        await using var command = new NpgsqlCommand(RecordedEvents.NextNumbers(module), connection).With(rows.Count);
        var numbers = (long[])(await command.ExecuteScalarAsync(ct))!;
        await Copy(connection, RecordedEvents.CopiedEvents(module), rows.Events(numbers), ct);
    }

    private static async Task Copy(NpgsqlConnection connection, string target, ReadOnlyMemory<byte> rows, CancellationToken ct)
    {
        await using var copy = (StreamWriter)await connection.BeginTextImportAsync($"copy {target} from stdin", ct);
        // Writes the bytes directly, without a conversion to UTF-16.
        await copy.BaseStream.WriteAsync(rows, ct);
    }
}
