using LeadSync.Projector.EventTables;
using Npgsql;

namespace LeadSync.Projector.Leads;

/// <summary>Reads a lead's stream: the lead as it is or was at a moment, and its events.</summary>
internal sealed class LeadHistory(NpgsqlDataSource database, LeadStream stream)
{
    /// <summary>The fold of a lead's stream; null for a lead that was never seen.</summary>
    /// <param name="recordedUntil">The database's clock: only events that were appended up to this moment count. Null for all
    /// events.</param>
    public async Task<Lead?> Lead(string id, DateTimeOffset? recordedUntil, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        return await stream.Fold(connection, id, recordedUntil, ct);
    }

    /// <summary>Every event of a lead, oldest first; empty for a lead that was never seen.</summary>
    public async Task<IReadOnlyList<StreamEvent>> Events(string id, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        return await stream.Read(connection, id, recordedUntil: null, ct);
    }
}
