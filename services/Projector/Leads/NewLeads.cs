using LeadSync.Projector.LegacyView;
using LeadSync.ServiceDefaults.Telemetry;
using Npgsql;

namespace LeadSync.Projector.Leads;

/// <summary>
/// Appends leads that nobody has seen before. There is nothing to compare them with, so that their rows are copied straight into the tables that
/// <see cref="FoldStatement"/> writes to: with it, the only place below Marten's public API.
/// </summary>
internal sealed class NewLeads(NpgsqlDataSource database, LeadMetrics metrics)
{
    /// <summary>Appends a block, all or nothing.</summary>
    /// <returns>
    /// False when nothing was written: one of the leads is known after all, since somebody else saw it meanwhile, or PostgreSQL refuses its row. The leads
    /// have to be folded.
    /// </returns>
    public async Task<bool> Append(NewLeadRows rows, CancellationToken ct)
    {
        using var span = LeadSyncTelemetry.Source.StartActivity("append batch")?.SetTag("leadsync.leads", rows.Count);
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        try
        {
            // The registers first: their key keeps everybody else from these leads.
            await Copy(connection, "projector.leads (id, modified_time, observed_at, content_hash, last_seen, version)", rows.Registers, ct);
            await Copy(connection, "projector.mt_streams (id, version)", rows.Streams, ct);
            await CopyEvents(connection, rows, ct);
            await Copy(connection, $"legacy.leads (id, modified_time{rows.Columns.Names()})", rows.View, ct);
            await transaction.CommitAsync(ct);
            metrics.CountNew(rows.Count, rows.LatestModified);
            return true;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.DeadlockDetected || IsolatedFold.IsAboutTheRow(e))
        {
            return false;
        }
    }

    private static async Task CopyEvents(NpgsqlConnection connection, NewLeadRows rows, CancellationToken ct)
    {
        // Sequence numbers are taken inside the transaction, as Marten takes them.
        await using var command = new NpgsqlCommand("select array_agg(nextval('projector.mt_events_sequence')) from generate_series(1, $1)", connection)
        {
            Parameters = { new() { Value = rows.Count } },
        };
        var numbers = (long[])(await command.ExecuteScalarAsync(ct))!;
        await Copy(
            connection,
            "projector.mt_events (seq_id, id, stream_id, version, data, type, timestamp, mt_dotnet_type, correlation_id, causation_id)",
            rows.Events(numbers),
            ct);
    }

    private static async Task Copy(NpgsqlConnection connection, string target, ReadOnlyMemory<byte> rows, CancellationToken ct)
    {
        await using var copy = (StreamWriter)await connection.BeginTextImportAsync($"copy {target} from stdin", ct);
        // Bytes as they are: no detour by UTF-16.
        await copy.BaseStream.WriteAsync(rows, ct);
    }
}
