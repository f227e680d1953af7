using LeadSync.ServiceDefaults.Database;
using Npgsql;

namespace LeadSync.Projector.Feed;

/// <summary>
/// Publishes the changes that are missing in the feed: those from before the feed existed, and those that somebody has removed. After a
/// missing change, all later changes of the lead come again, so a reader that applies them in order ends with the lead as it is.
/// </summary>
internal sealed class MissingChanges(
    [FromKeyedServices(PostgresSettings.LongWork)] NpgsqlDataSource database, Module module, FeedDays days, FeedOptions options)
{
    private const int LeadsAtOnce = 500;

    private readonly string find = """
        select k.id, min(k.version) from projector.lead_event_kinds k
        where k.kind is not null and k.recorded_at >= $1 and not exists (select from legacy.lead_change_positions c where c.event = k.event)
        group by k.id
        """;

    // While this transaction holds the locks, nobody appends to these leads. The next statement sees all earlier appends.
    private readonly string hold =
        $"select count(*) from (select from {module.Registers} where id = any($1) order by id for no key update) as held";

    private readonly string publish = $"""
        select projector.publish_changes(array_agg(c.event), array_agg(c.id), array_agg(c.kind))
        from (
            select k.event, k.id, k.kind
            from unnest($1::text[], $2::bigint[]) m(id, version)
            join projector.lead_event_kinds k on k.stream_id = {module.StreamOf("m.id")} and k.version >= m.version
            where k.kind is not null order by k.event) c
        """;

    public async Task Publish(CancellationToken ct)
    {
        await using var command = database.CreateCommand(find).With(days.KeptSince(options.KeepDays));
        await using var row = await command.ExecuteReaderAsync(ct);
        var missing = new List<(string Id, long Version)>(LeadsAtOnce);
        while (await row.ReadAsync(ct))
        {
            missing.Add((row.GetString(0), row.GetInt64(1)));
            if (missing.Count < LeadsAtOnce)
                continue;

            await Publish(missing, ct);
            missing.Clear();
        }

        if (missing.Count > 0)
            await Publish(missing, ct);
    }

    private async Task Publish(List<(string Id, long Version)> missing, CancellationToken ct)
    {
        var ids = missing.Select(lead => lead.Id).ToArray();
        // One transaction in one round trip: it waits for no client while it has the lock of the feed.
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(new NpgsqlBatchCommand(hold).With(ids));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(publish).With(ids, missing.Select(lead => lead.Version).ToArray()));
        await batch.ExecuteNonQueryAsync(ct);
    }
}
