using LeadSync.ServiceDefaults.Database;
using Npgsql;

namespace LeadSync.Scheduler.Actions;

/// <summary>Reads the progress of an action that forgets a person.</summary>
internal sealed class ForgottenLeads(NpgsqlDataSource database)
{
    /// <summary>Whether LeadSync has read a lead, has parked something of it, or was told to forget it.</summary>
    public async Task<bool> Knows(string id, CancellationToken ct) => await PublishedTables.ReadIfExists(async () =>
    {
        await using var command = database.CreateCommand("""
            select 1 where exists (select from projector.leads where id = $1) or exists (select from parking.parked where lead_id = $1)
                or exists (select from projector.forgotten where id = $1)
            """).With(id);
        return await command.ExecuteScalarAsync(ct);
    }) is not null;

    /// <returns>Null when there is no such action, or the projector does not have it yet.</returns>
    public async Task<ForgottenLead?> Find(string id, CancellationToken ct) => await PublishedTables.ReadIfExists(async () =>
    {
        await using var command = database.CreateCommand(
            "select ordered_at, ordered_by, reason, until_seen_again, forgotten_at, seen_again_at from projector.forgotten where id = $1")
            .With(id);
        await using var row = await command.ExecuteReaderAsync(ct);
        return await row.ReadAsync(ct)
            ? new ForgottenLead(
                id, row.Time(0), row.GetString(1), row.GetString(2), row.GetBoolean(3), row.TimeOrNull(4), row.TimeOrNull(5))
            : null;
    });
}

/// <param name="ForgottenAt">When the data was removed; null while the projector is removing it.</param>
/// <param name="SeenAgainAt">When the lead came back, if the action allows that.</param>
internal sealed record ForgottenLead(
    string Id, DateTimeOffset OrderedAt, string OrderedBy, string Reason, bool UntilSeenAgain, DateTimeOffset? ForgottenAt,
    DateTimeOffset? SeenAgainAt);
