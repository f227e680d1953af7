using LeadSync.ServiceDefaults.Database;
using Npgsql;

namespace LeadSync.Scheduler.Status;

/// <summary>The newest change in the view, which the projectors publish in <c>projector.change_latency</c>.</summary>
/// <param name="ModifiedTime">Zoho's modified time of the newest applied change.</param>
/// <param name="AppliedAt">The projector's clock: when a change was last applied.</param>
internal sealed record LastChange(DateTimeOffset? ModifiedTime, DateTimeOffset AppliedAt)
{
    /// <returns>Null when no change was applied yet.</returns>
    public static async Task<LastChange?> Read(NpgsqlDataSource database, CancellationToken ct)
    {
        await using var command = database.CreateCommand("""
            select max(last_modified), max(last_applied) from (select * from projector.change_latency order by bucket desc limit 2) latest
            """);
        return await PublishedTables.ReadIfExists(async () =>
        {
            await using var row = await command.ExecuteReaderAsync(ct);
            return await row.ReadAsync(ct) && row.TimeOrNull(1) is { } applied ? new LastChange(row.TimeOrNull(0), applied) : null;
        });
    }
}
