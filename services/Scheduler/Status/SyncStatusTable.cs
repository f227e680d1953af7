using LeadSync.Scheduler.Planning;
using Npgsql;

namespace LeadSync.Scheduler.Status;

/// <summary><c>legacy.sync_status</c>: its one row tells the readers of the view how far they can trust it.</summary>
internal sealed class SyncStatusTable(NpgsqlDataSource database)
{
    private Row? written;

    public async Task WriteAsync(SyncState state, DateTimeOffset now, CancellationToken cancellation)
    {
        var row = new Row(
            state.LastGoodSync?.UtcDateTime,
            state.Channel.Id is null ? null : state.Channel.ExpiresAt.UtcDateTime,
            state.Gaps.Open.Count(),
            Phase.Of(state, now));
        if (row == written)
            return;

        await using var command = database.CreateCommand(
            "update legacy.sync_status set last_good_sync = $1, channel_expires_at = $2, open_gaps = $3, phase = $4");
        command.Parameters.Add(new NpgsqlParameter<DateTime?> { TypedValue = row.LastGoodSync });
        command.Parameters.Add(new NpgsqlParameter<DateTime?> { TypedValue = row.ChannelExpiresAt });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = row.OpenGaps });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = row.Phase });
        await command.ExecuteNonQueryAsync(cancellation);
        written = row;
    }

    /// <summary>Lets the row be written again whatever it says: another replica may have written it meanwhile.</summary>
    public void Forget() => written = null;

    private sealed record Row(DateTime? LastGoodSync, DateTime? ChannelExpiresAt, int OpenGaps, string Phase);
}
