using LeadSync.ServiceDefaults.Database;
using Npgsql;

namespace LeadSync.Projector.EventTables;

/// <summary>
/// SQL about recorded events. Only the statements of this folder read and write Marten's tables without Marten.
/// </summary>
internal static class RecordedEvents
{
    /// <summary>
    /// SQL: the order in which the contents of a lead's events are compared, the greatest first, as
    /// <see cref="Leads.Content.CompareTo"/> does.
    /// </summary>
    /// <param name="modified">The content's modified time.</param>
    /// <param name="observed">The time of the observation.</param>
    /// <param name="version">The event's version, which decides between contents with equal times.</param>
    public static string GreatestFirst(string modified, string observed, string version) =>
        $"{modified} desc nulls last, {observed} desc, {version} desc";

    /// <summary>SQL: <see cref="Leads.Lead.IsAlive"/> of a row.</summary>
    public static string Alive(string row) => $"{row}.last_seen > coalesce({row}.last_gone, '-infinity')";

    /// <summary>SQL: <see cref="Leads.Content.ProvesLife"/> of two times.</summary>
    public static string ProvesLife(string modified, string observed) =>
        $"greatest({observed}, least({modified}, {observed} + interval '1 day'))";

    /// <summary>The columns of Marten's tables that a first load copies; all others have a default.</summary>
    public static string CopiedStreams(Module module) => $"{module.Streams} (id, version)";

    /// <inheritdoc cref="CopiedStreams"/>
    public static string CopiedEvents(Module module) =>
        $"{module.Events} (seq_id, id, stream_id, version, data, type, timestamp, mt_dotnet_type, correlation_id, causation_id)";

    /// <summary>SQL: takes the numbers of <c>$1</c> events inside the transaction that appends the events, as Marten does, and notes the
    /// append (<see cref="Note"/>).</summary>
    public static string NextNumbers(Module module) => $"""
        with taken as (select array_agg(nextval('{module.Sequence}')) as numbers, {NotesItself} from generate_series(1, $1)),
            noted as ({Note(module, "(select numbers[1] from taken)")})
        select numbers from taken
        """;

    /// <summary>SQL, an expression: marks the transaction as one that tells the change feed itself what it appends (<see cref="Note"/>).
    /// For any other transaction a trigger tells the feed, once for each event (<c>feed.sql</c>).</summary>
    public const string NotesItself = "set_config('leadsync.append', 'noted', true)";

    /// <summary>SQL: tells the change feed that the transaction appends events.</summary>
    /// <param name="first">An expression or a placeholder: the number of the first event, or an earlier one.</param>
    public static string Note(Module module, string first) => $"insert into {module.Schema}.appending (first_event) values ({first})";

    /// <summary>SQL: removes a person's data from the events of the stream <c>$1</c> up to the version <c>$2</c>. Only times and sources
    /// stay: an event that a newer version wrote may have the data in members that this version does not know.</summary>
    public static string Mask(Module module) => $$"""
        update {{module.Events}} set data = jsonb_strip_nulls(jsonb_build_object(
            'ModifiedTime', data -> 'ModifiedTime', 'ObservedAt', data -> 'ObservedAt', 'DeletedAt', data -> 'DeletedAt',
            'Source', data -> 'Source', 'Absence', data -> 'Absence', 'Fields', case when data ? 'Fields' then '{}'::jsonb end,
            'Newer', case when data ? 'Newer' then
                jsonb_build_object('ModifiedTime', data #> '{Newer,ModifiedTime}', 'Fields', '{}'::jsonb) end))
        where stream_id = $1 and version <= $2
        """;

    /// <summary>What Marten calls an event's type in <c>mt_dotnet_type</c>.</summary>
    public static string MartenName<TEvent>() => $"{typeof(TEvent).FullName}, {typeof(TEvent).Assembly.GetName().Name}";

    /// <summary>SQL: whether a lead has events after a position.</summary>
    public static string ChangedAfter(Module module, string id, long position) =>
        $"exists (select from {module.Events} e where e.seq_id > {position} and e.stream_id = {module.StreamOf(id)})";

    /// <summary>The streams with events after a position, in order.</summary>
    public static async Task<string[]> StreamsAfter(
        NpgsqlConnection connection, Module module, long position, int atMost, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand($"""
            select array(select distinct stream_id::text from {module.Events}
                where seq_id > $1 and type in ('{module.Seen}', '{module.Gone}') order by 1 limit $2)
            """, connection).With(position, atMost);
        return (string[])(await command.ExecuteScalarAsync(ct))!;
    }
}
