using Npgsql;

namespace LeadSync.Gateway.Notifications;

/// <summary>When any replica last accepted a notification, as <see cref="ReceivingHeartbeat"/> records it.</summary>
internal sealed class LastHeard(NpgsqlDataSource database)
{
    /// <returns>Zoho's clock; null when nobody knows.</returns>
    public async Task<DateTimeOffset?> Read(CancellationToken ct)
    {
        await using var command = database.CreateCommand("select heard_at from gateway.receiving");
        return await command.ExecuteScalarAsync(ct) is DateTime at ? new DateTimeOffset(at) : null;
    }
}
