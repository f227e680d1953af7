using Npgsql;

namespace LeadSync.Scheduler.Orders;

/// <summary>Reads how far the projector is with an order to forget a person.</summary>
internal sealed class ForgottenLeads(NpgsqlDataSource database)
{
    /// <returns>Null when there is no such order, or the projector does not have it yet.</returns>
    public async Task<ForgottenLead?> Find(string id, CancellationToken ct) => await Published.OrNullIfAbsent(async () =>
    {
        await using var command = database.CreateCommand(
            "select ordered_at, ordered_by, reason, until_seen_again, forgotten_at, seen_again_at from projector.forgotten where id = $1");
        command.Parameters.Add(new() { Value = id });
        await using var row = await command.ExecuteReaderAsync(ct);
        return await row.ReadAsync(ct)
            ? new ForgottenLead(
                id, row.Time(0), row.GetString(1), row.GetString(2), row.GetBoolean(3), row.TimeOrNull(4), row.TimeOrNull(5))
            : null;
    });
}

/// <param name="ForgottenAt">When everything was gone; null while it is under way.</param>
/// <param name="SeenAgainAt">When the lead came back, which it was allowed to.</param>
internal sealed record ForgottenLead(
    string Id, DateTimeOffset OrderedAt, string OrderedBy, string Reason, bool UntilSeenAgain, DateTimeOffset? ForgottenAt,
    DateTimeOffset? SeenAgainAt);
