using LeadSync.Projector.Leads;
using LeadSync.Projector.LegacyView;
using LeadSync.ServiceDefaults.Database;
using Marten;
using Npgsql;

namespace LeadSync.Projector.EventTables;

/// <summary>
/// The registers of leads and the versions of their streams: one round trip locks and loads them, another one saves them.
/// </summary>
internal sealed class LeadRegisters(Module module, LegacyColumns columns)
{
    private readonly string register = $"insert into {module.Registers} (id) select unnest($1::text[]) on conflict (id) do nothing";

    // The statement locks in id order, so that no two batches deadlock. It is a statement of its own, so that the next one sees what other
    // batches wrote while this batch waited for its locks.
    private readonly string @lock = $"""
        select count(*), {EventPosition.Last(module)}, {RecordedEvents.NotesItself}
        from (select from {module.Registers} where id = any($1) order by id for no key update) as locked
        """;

    private readonly string load = $"""
        with sighted as materialized (
            -- Only an observation from before a page was read has to be compared with what that page confirmed.
            select i.id, max(s.observed_at) as observed_at
            from {module.Schema}.sightings s cross join unnest(s.ids) as i(id)
            where s.observed_at > $4 and i.id = any($1)
            group by i.id
        )
        select l.id, l.modified_time, l.observed_at, l.content_hash, l.last_seen, l.last_gone, l.deleted_at, l.version,
            coalesce(stream.version, 0), sighted.observed_at, content.fields, clock_timestamp(), {columns.RevisionSql},
            forgotten.ordered_at, forgotten.until_seen_again
        from unnest($1::text[], $2::text[], $3::boolean[]) as k(id, stream, whole)
        -- Looks into indexes: joined as sets, PostgreSQL reads whole tables.
        cross join lateral (select * from {module.Registers} where id = k.id offset 0) l
        left join lateral (select version from {module.Streams} where id = k.stream offset 0) stream on true
        left join sighted on sighted.id = k.id
        left join lateral (
            select e.data ->> 'Fields' as fields from {module.Events} e
            where (k.whole or l.last_gone >= l.last_seen) and e.stream_id = k.stream and e.type = '{module.Seen}'
            order by {RecordedEvents.GreatestFirst(
                "(e.data ->> 'ModifiedTime')::timestamptz", "(e.data ->> 'ObservedAt')::timestamptz", "e.version")}
            limit 1) content on true
        left join lateral (
            select ordered_at, until_seen_again from {module.Schema}.forgotten
            where id = k.id and seen_again_at is null offset 0) forgotten on true
        """;

    private readonly string save = $"""
        update {module.Registers} l set modified_time = n.modified_time, observed_at = n.observed_at, content_hash = n.content_hash,
            last_seen = n.last_seen, last_gone = n.last_gone, deleted_at = n.deleted_at, version = n.version
        from unnest(?::text[], ?::text[]::timestamptz[], ?::text[]::timestamptz[], ?::text[]::uuid[], ?::text[]::timestamptz[],
            ?::text[]::timestamptz[], ?::text[]::timestamptz[], ?::bigint[])
            as n(id, modified_time, observed_at, content_hash, last_seen, last_gone, deleted_at, version)
        where l.id = any(?::text[]) and l.id = n.id
        """;

    /// <summary>
    /// SQL: the rows of a page that differ from the registers. The parameters are the ids, modified times and hashes of the page. The
    /// result has the 0-based position of each differing row, and whether its lead is new.
    /// </summary>
    public string Differing { get; } = $"""
        select o.position - 1, l.id is null
        from unnest($1::text[], $2::timestamptz[], $3::uuid[]) with ordinality as o(id, modified_time, content_hash, position)
        -- A look into the index for each row: joined as a set, every block would go through the whole table.
        left join lateral (select * from {module.Registers} where id = o.id offset 0) l on true
        where l.modified_time is null
            or o.modified_time > l.modified_time
            or (o.modified_time = l.modified_time and o.content_hash <> l.content_hash)
            or not coalesce({RecordedEvents.Alive("l")}, false)
        """;

    /// <summary>Locks the registers of leads until the transaction ends, and loads them.</summary>
    /// <param name="ids">The leads' ids, distinct and in ordinal order.</param>
    /// <param name="whole">Whether a lead's fields are loaded as well. A lead that is gone is always loaded with its fields.</param>
    /// <param name="earliest">The earliest <c>ObservedAt</c> of the observations, by Zoho's clock.</param>
    public async Task<KnownLeads> Load(
        NpgsqlConnection connection, string[] ids, Func<string, bool> whole, DateTimeOffset earliest, CancellationToken ct)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(new NpgsqlBatchCommand(register).With(ids));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(@lock).With(ids));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(load).With(
            ids, Array.ConvertAll(ids, module.Stream), Array.ConvertAll(ids, id => whole(id)), earliest));
        await using var row = await batch.ExecuteReaderAsync(ct);
        await row.ReadAsync(ct);
        var known = new KnownLeads { LastEvent = row.GetInt64(1) };
        await row.NextResultAsync(ct);
        while (await row.ReadAsync(ct))
            known.Add(Read(row), row.GetDateTime(11), row.GetInt64(12));
        return known;
    }

    /// <summary>Saves the registers of leads in the transaction of Marten's session.</summary>
    public void Save(IDocumentOperations session, IReadOnlyList<FoldedLead> leads)
    {
        string?[] Each(Func<FoldedLead, object?> value) => [.. leads.Select(lead => value(lead) switch
        {
            DateTimeOffset at => at.ToString("O"),
            var other => other?.ToString(),
        })];

        var ids = Each(lead => lead.Id);
        session.QueueSqlCommand(
            save, ids, Each(lead => lead.Lead.Content?.ModifiedTime), Each(lead => lead.Lead.Content?.ObservedAt),
            Each(lead => lead.Lead.Content?.Hash),
            Each(lead => lead.Lead.LastSeen), Each(lead => lead.Lead.Absence?.ObservedAt), Each(lead => lead.Lead.Absence?.DeletedAt),
            leads.Select(lead => lead.Version).ToArray(), ids);
    }

    private static FoldedLead Read(NpgsqlDataReader row)
    {
        ForgottenSince? forgotten = row.TimeOrNull(13) is { } since ? new(since, row.GetBoolean(14)) : null;
        // A forgotten lead that comes back gets no earlier value, even before its events are masked.
        var fields = forgotten is not null ? []
            : row.IsDBNull(10) ? null : System.Text.Json.JsonSerializer.Deserialize<Dictionary<string, string?>>(row.GetString(10));
        var content = row.TimeOrNull(1) is { } modified ? new Content(modified, row.TimeOrNull(2)!.Value, row.GetGuid(3), fields) : null;
        var absence = row.TimeOrNull(5) is { } gone ? new Absence(gone, row.TimeOrNull(6) ?? gone) : null;
        return new FoldedLead(
            row.GetString(0), new Lead(content, row.TimeOrNull(4), absence), row.TimeOrNull(9), row.GetInt64(7), row.GetInt64(8))
        {
            Forgotten = forgotten,
        };
    }
}

/// <summary>What is known of the leads of a batch.</summary>
internal sealed class KnownLeads : Dictionary<string, FoldedLead>
{
    /// <summary>The database's time after all locks were taken.</summary>
    public DateTimeOffset LockedAt { get; private set; }

    /// <summary>The greatest event number that any writer had taken when the locks were taken.</summary>
    public required long LastEvent { get; init; }

    /// <summary>See <see cref="LegacyColumns.Revision"/>.</summary>
    public long Revision { get; private set; }

    public void Add(FoldedLead lead, DateTimeOffset lockedAt, long revision)
    {
        (LockedAt, Revision) = (lockedAt, revision);
        Add(lead.Id, lead);
    }
}
