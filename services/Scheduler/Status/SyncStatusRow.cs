using LeadSync.Scheduler.Planning;
using LeadSync.ServiceDefaults.Database;
using Npgsql;

namespace LeadSync.Scheduler.Status;

/// <summary>Writes the row of <c>legacy.sync_status</c>, which tells readers how far they can trust the view, and when the scheduler last
/// looked.</summary>
internal sealed class SyncStatusRow(NpgsqlDataSource database)
{
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(5);

    // Readers may lock the row, and the scheduler must not wait long for them.
    private const int PatienceSeconds = 2;

    private Row? written;
    private DateTimeOffset writtenAt;

    /// <returns>False when the row had just been written, and says the same.</returns>
    public async Task<bool> Write(StatusReport report, CancellationToken ct)
    {
        var row = new Row(
            report.LastGoodSync, report.Channel.ExpiresAt, report.Gaps.Open.Count, report.Phase.Text(), report.InSync);
        if (row == written && report.At - writtenAt < LongestSilence)
            return false;

        await using var command = database.CreateCommand("""
            update legacy.sync_status set last_good_sync = $1::timestamptz, channel_expires_at = $2::timestamptz, open_gaps = $3,
                phase = $4, in_sync = $5, checked_at = $6
            """).With(row.LastGoodSync, row.ChannelExpiresAt, row.OpenGaps, row.Phase, row.InSync, report.At);
        command.CommandTimeout = PatienceSeconds;
        await command.ExecuteNonQueryAsync(ct);
        (written, writtenAt) = (row, report.At);
        return true;
    }

    /// <summary>Makes the next call write the row in any case, because another replica may have written it.</summary>
    public void Forget() => written = null;

    private sealed record Row(DateTimeOffset? LastGoodSync, DateTimeOffset? ChannelExpiresAt, int OpenGaps, string Phase, bool InSync);
}
