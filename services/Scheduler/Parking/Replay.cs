using System.Text.Json;
using LeadSync.Contracts;
using LeadSync.Scheduler.Planning;
using LeadSync.Scheduler.Recording;
using LeadSync.ServiceDefaults.Database;
using LeadSync.ServiceDefaults.Parking;
using MassTransit;
using Npgsql;

namespace LeadSync.Scheduler.Parking;

/// <summary>
/// Replays parked items: a message goes back into its queue, the gateway reads a lead from Zoho again, and for a row whose lead is
/// unknown LeadSync reads every lead again. An item that fails again is parked again.
/// </summary>
internal sealed class Replay(NpgsqlDataSource database, ParkedMessages messages, IBus bus, SyncLog log, TimeProvider clock)
{
    private const int Block = 100;
    private const int LeadsAtOnce = 50;

    /// <returns>Null when there is no such item, false when its queue does not exist.</returns>
    public async Task<bool?> One(long id, Author author, CancellationToken ct)
    {
        var (items, replayed) = await Some(after: id - 1, last: id, group: null, author, ct);
        return items.Count == 0 ? null : replayed == 1;
    }

    /// <summary>Replays all items that are parked now. Messages whose queue does not exist stay parked.</summary>
    /// <param name="group">Only items with this reason; null for any.</param>
    /// <returns>How many were replayed.</returns>
    public async Task<long> All(string? group, Author author, CancellationToken ct)
    {
        await using var command = database.CreateCommand("select coalesce(max(id), 0) from parking.parked");
        var last = (long)(await command.ExecuteScalarAsync(ct))!;
        var all = 0L;
        for (var after = 0L; ;)
        {
            var (items, replayed) = await Some(after, last, group, author, ct);
            all += replayed;
            if (items.Count < Block)
                return all;

            after = items[^1].Id;
        }
    }

    // The items are sent before they are deleted, because a second replay does no harm. An item that fails meanwhile waits for this
    // transaction, and is parked again.
    private async Task<(List<ReplayedItem> Items, int Replayed)> Some(
        long after, long last, string? group, Author author, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var items = await Read(connection, after, last, group, ct);
        var unsent = await messages.Send([.. items.Where(item => item.Kind == "message")], ct);
        foreach (var ids in items.Select(item => item.LeadId).OfType<string>().Distinct().Chunk(LeadsAtOnce))
            await bus.Publish(new LeadsAnnounced(ids, Source.CatchUp, clock.GetUtcNow()), ct);
        if (items.Exists(item => item.Kind == "row"))
            await log.Record([new FullComparisonRequested(clock.GetUtcNow(), By: author.By, Reason: author.Reason)], ct);

        await using var forget = new NpgsqlCommand("delete from parking.parked where id = any($1)", connection)
            .With(items.Except(unsent).Select(item => item.Id).ToArray());
        var replayed = await forget.ExecuteNonQueryAsync(ct);
        await transaction.CommitAsync(ct);
        return (items, replayed);
    }

    private static async Task<List<ReplayedItem>> Read(
        NpgsqlConnection connection, long after, long last, string? group, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("""
            select id, kind, origin, lead_id, content, properties from parking.parked
            where id > $1 and id <= $2 and (reason = $4::text or $4 is null) order by id limit $3 for update
            """, connection).With(after, last, Block, group);
        await using var row = await command.ExecuteReaderAsync(ct);
        var items = new List<ReplayedItem>();
        while (await row.ReadAsync(ct))
        {
            items.Add(new ReplayedItem(
                row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetValue(3) as string, row.GetValue(4) as byte[] ?? [],
                row.GetValue(5) is string json ? JsonSerializer.Deserialize<MessageProperties>(json, JsonSerializerOptions.Web) : null));
        }

        return items;
    }
}

internal sealed record ReplayedItem(long Id, string Kind, string Origin, string? LeadId, byte[] Content, MessageProperties? Properties);
