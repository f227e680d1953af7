using System.Text.Json;
using LeadSync.ServiceDefaults.Database;
using Npgsql;

namespace LeadSync.Scheduler.Leads;

/// <summary>Finds leads in the view, and reads their history from <c>projector.lead_history</c>.</summary>
internal sealed class LeadLookup(NpgsqlDataSource database)
{
    private const int MostFound = 20;
    private const int PatienceSeconds = 2;
    private const int ShortestId = 15;
    private static readonly string[] Shown = ["full_name", "first_name", "last_name", "company", "email"];

    /// <summary>Leads whose id equals the text, or whose name, company or e-mail contains it, without regard to case.</summary>
    /// <returns>Null when the search takes too long.</returns>
    public async Task<IReadOnlyList<FoundLead>?> Find(string text, CancellationToken ct)
    {
        var columns = await Columns(ct);
        string Column(string name) => columns.Contains(name) ? name : "null::text";
        var fullName = columns.Contains("full_name") ? "full_name" : $"concat_ws(' ', {Column("first_name")}, {Column("last_name")})";
        // 15 digits or more are an id: the index finds it, and the slow search by name is skipped.
        var isId = text.Length >= ShortestId && text.All(char.IsAsciiDigit);
        var matches = isId ? "id = $1" : $"id = $1 or {fullName} ilike $2 or {Column("company")} ilike $2 or {Column("email")} ilike $2";
        var pattern = text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal)
            .Replace("_", "\\_", StringComparison.Ordinal);
        await using var command = database.CreateCommand($"""
            select id, {fullName}, {Column("company")}, {Column("email")}, true from legacy.leads
            where {matches}
            union all select id, null, null, null, false from legacy.deleted_leads where id = $1
            limit {MostFound}
            """).With(isId ? new object[] { text } : [text, $"%{pattern}%"]);
        command.CommandTimeout = PatienceSeconds;
        try
        {
            return await PublishedTables.ReadIfExists(async () =>
            {
                var found = new List<FoundLead>();
                await using var row = await command.ExecuteReaderAsync(ct);
                while (await row.ReadAsync(ct))
                    found.Add(new(row.GetString(0), row.GetValue(1) as string, row.GetValue(2) as string, row.GetValue(3) as string,
                        row.GetBoolean(4)));
                return found;
            }) ?? [];
        }
        catch (NpgsqlException e) when (e.InnerException is TimeoutException)
        {
            return null;
        }
    }

    /// <summary>The state of a lead after its events up to a moment, or before a version.</summary>
    public async Task<LeadState> State(string id, DateTimeOffset? recordedBy, long? beforeVersion, CancellationToken ct)
    {
        await using var command = database.CreateCommand("""
            with events as materialized (
                select version, event, modified_time, observed_at, deleted_at, absent_at from projector.lead_history
                where stream = 'lead-' || $1 and recorded_at <= coalesce($2::timestamptz, 'infinity')
                    and version < coalesce($3::bigint, 9223372036854775807)
            ),
            content as (
                select version, modified_time, observed_at from events where event = 'lead_seen'
                order by modified_time desc, observed_at desc, version desc limit 1
            )
            select (select coalesce(max(version), 0) from events), c.modified_time, c.observed_at,
                (select h.fields::text from projector.lead_history h where h.stream = 'lead-' || $1 and h.version = c.version),
                (select max(greatest(modified_time, observed_at)) from events where event = 'lead_seen'),
                a.absent_at, a.deleted_at
            from (select 1) as one left join content c on true
                left join (select absent_at, deleted_at from events where absent_at is not null order by absent_at desc limit 1) a on true
            """).With(id, recordedBy, beforeVersion);
        return await PublishedTables.ReadIfExists(async () =>
        {
            await using var row = await command.ExecuteReaderAsync(ct);
            await row.ReadAsync(ct);
            return new LeadState(row.GetInt64(0), row.TimeOrNull(1), row.TimeOrNull(2),
                Fields(row, 3) ?? LeadState.Unknown.Fields, row.TimeOrNull(4), row.TimeOrNull(5), row.TimeOrNull(6));
        }) ?? LeadState.Unknown;
    }

    /// <summary>The number of a lead's events; 0 when it was never seen. Reads an index only.</summary>
    public async Task<long> Version(string id, CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            "select coalesce(max(version), 0) from projector.lead_history where stream = 'lead-' || $1").With(id);
        return await PublishedTables.ReadIfExists(() => command.ExecuteScalarAsync(ct)) is long version ? version : 0;
    }

    /// <summary>Some events of a lead, in the order in which they were recorded.</summary>
    /// <param name="before">Only events with smaller versions; null for the latest.</param>
    public async Task<IReadOnlyList<LeadEvent>> Events(string id, long? before, int limit, CancellationToken ct)
    {
        await using var command = database.CreateCommand("""
            select version, event, source, modified_time, observed_at, deleted_at, absent_at, recorded_at, trace_id, fields::text
            from projector.lead_history where stream = 'lead-' || $1 and version < coalesce($2::bigint, 9223372036854775807)
            order by version desc limit $3
            """).With(id, before, limit);
        return await PublishedTables.ReadIfExists(async () =>
        {
            var events = new List<LeadEvent>();
            await using var row = await command.ExecuteReaderAsync(ct);
            while (await row.ReadAsync(ct))
            {
                events.Add(new(
                    row.GetInt64(0), row.GetString(1), row.GetString(2), row.TimeOrNull(3), row.Time(4), row.TimeOrNull(5),
                    row.TimeOrNull(6),
                    row.Time(7), row.GetValue(8) as string, Fields(row, 9)));
            }

            events.Reverse();
            return events;
        }) ?? [];
    }

    private async Task<HashSet<string>> Columns(CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            "select column_name from information_schema.columns where table_schema = 'legacy' and table_name = 'leads' "
                + "and column_name = any($1)").With(Shown);
        await using var row = await command.ExecuteReaderAsync(ct);
        var columns = new HashSet<string>();
        while (await row.ReadAsync(ct))
            columns.Add(row.GetString(0));
        return columns;
    }

    private static Dictionary<string, string?>? Fields(NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : JsonSerializer.Deserialize<Dictionary<string, string?>>(row.GetString(column));
}

/// <param name="Alive">False for a deleted lead, of which the view only has the id.</param>
internal sealed record FoundLead(string Id, string? Name, string? Company, string? Email, bool Alive);
