using LeadSync.ServiceDefaults.Database;
using Npgsql;

namespace LeadSync.Projector.Feed;

/// <summary>A batch: the changes after one position, up to another.</summary>
/// <param name="Attempts">The number of attempts.</param>
/// <param name="DeadLetter">The number of the dead letter that is sent again; null for the next changes of the feed.</param>
internal sealed record WebhookBatch(long After, long UpTo, int Attempts, long? DeadLetter)
{
    /// <summary>The id of the webhook's request, which is the same at each attempt.</summary>
    public string Id => $"msg_{After}_{UpTo}";
}

/// <summary>
/// The webhook's position is in <c>projector.webhook</c>. The changes that its receiver refused are in
/// <c>projector.webhook_dead_letters</c>.
/// </summary>
internal sealed class WebhookProgress(NpgsqlDataSource database)
{
    private const int MostChanges = 100;

    private const string Start =
        "insert into projector.webhook (position) select coalesce(max(position), 0) from legacy.lead_changes on conflict do nothing";

    // A batch keeps its bounds until the receiver accepts it, whichever replica sends it.
    private const string Begin = """
        update projector.webhook w set sending_to = (
            select max(position) from (select position from legacy.lead_changes where position > w.position order by position limit $1) n)
        where sending_to is null and exists (select from legacy.lead_changes where position > w.position)
        """;

    private const string Due = """
        (select after_position, up_to, attempts, id from projector.webhook_dead_letters where is_wanted and next_at <= now()
            order by id limit 1)
        union all
        (select position, sending_to, attempts, null from projector.webhook where sending_to is not null and next_at <= now())
        limit 1
        """;

    /// <returns>The batch to send now; null when there is none.</returns>
    public async Task<WebhookBatch?> Next(CancellationToken ct)
    {
        await using (var batch = database.CreateBatch())
        {
            batch.BatchCommands.Add(new(Start));
            batch.BatchCommands.Add(new NpgsqlBatchCommand(Begin).With(MostChanges));
            await batch.ExecuteNonQueryAsync(ct);
        }

        await using var due = database.CreateCommand(Due);
        await using var row = await due.ExecuteReaderAsync(ct);
        return await row.ReadAsync(ct) ? new(row.GetInt64(0), row.GetInt64(1), row.GetInt32(2), row.GetValue(3) as long?) : null;
    }

    /// <returns>The JSON of the request; null when the feed no longer keeps the changes.</returns>
    public async Task<string?> Body(WebhookBatch batch, CancellationToken ct)
    {
        await using var command = database.CreateCommand("""
            select jsonb_build_object('type', 'leads.changed', 'timestamp', now(),
                'data', jsonb_build_object('changes', jsonb_agg(to_jsonb(c) order by c.position)))::text
            from legacy.lead_changes c where c.position > $1 and c.position <= $2 having count(*) > 0
            """).With(batch.After, batch.UpTo);
        return await command.ExecuteScalarAsync(ct) as string;
    }

    public Task Sent(WebhookBatch batch, CancellationToken ct) => batch.DeadLetter is { } letter
        ? database.Execute("delete from projector.webhook_dead_letters where id = $1", ct, letter)
        : database.Execute(
            "update projector.webhook set position = $1, sending_to = null, attempts = 0, trouble = null, next_at = now()", ct, batch.UpTo);

    /// <summary>Lets the webhook send its dead letters again.</summary>
    public Task Want(CancellationToken ct) =>
        database.Execute("update projector.webhook_dead_letters set is_wanted = true, attempts = 0, next_at = now()", ct);

    /// <summary>Skips changes that the feed no longer keeps. A dead letter stays in the list, and says so.</summary>
    public Task Expired(WebhookBatch batch, CancellationToken ct) => batch.DeadLetter is { } letter
        ? database.Execute(
            "update projector.webhook_dead_letters set is_wanted = false, trouble = $2 where id = $1", ct, letter,
            "expired: legacy.lead_changes no longer keeps these changes")
        : Sent(batch, ct);

    /// <param name="pause">The pause before the next attempt; null to put the changes aside.</param>
    public Task NotSent(WebhookBatch batch, string trouble, TimeSpan? pause, CancellationToken ct) => (batch.DeadLetter, pause) switch
    {
        ({ } letter, { } wait) => database.Execute(
            "update projector.webhook_dead_letters set attempts = attempts + 1, trouble = $2, next_at = now() + $3 where id = $1",
            ct, letter, trouble, wait),
        ({ } letter, null) => database.Execute(
            "update projector.webhook_dead_letters set is_wanted = false, trouble = $2 where id = $1", ct, letter, trouble),
        (null, { } wait) =>
            database.Execute("update projector.webhook set attempts = attempts + 1, trouble = $1, next_at = now() + $2", ct, trouble, wait),
        _ => database.Execute("""
            with put_aside as (insert into projector.webhook_dead_letters (after_position, up_to, trouble) values ($1, $2, $3))
            update projector.webhook set position = $2, sending_to = null, attempts = 0, trouble = $3, next_at = now()
            """, ct, batch.After, batch.UpTo, trouble),
    };
}
