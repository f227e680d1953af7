namespace LeadSync.Projector.EventTables;

/// <summary>The merge rule of <see cref="Leads.Lead"/> over stored events, for whole ranges of streams at once.</summary>
/// <param name="Streams">SQL: the condition on the events <c>e</c>.</param>
/// <param name="UntilRecorded">SQL: a moment by the database's clock. Only events that were recorded up to this moment count. Null for all
/// events.</param>
internal sealed record FoldedStreams(Module Module, string Streams, string? UntilRecorded = null)
{
    /// <summary>SQL: the moment that proves a lead's absence, in the event <c>e</c> with the members <c>o</c>.</summary>
    private string GoneAt =>
        $"case e.type when '{Module.Gone}' then o.\"ObservedAt\" else (o.\"Absence\" ->> 'ObservedAt')::timestamptz end";

    private string Recorded => UntilRecorded is null ? "" : $"and e.timestamp <= {UntilRecorded}";

    private string Greatest { get; } = RecordedEvents.GreatestFirst("modified_time", "observed_at", "version");

    /// <summary>SQL: common table expressions, the last of which, <c>folded</c>, has a row for each lead, alive or not.</summary>
    public string Sql => $"""
        observed as (
            select e.stream_id, e.version, o."ModifiedTime" as modified_time, o."ObservedAt" as observed_at, o."Fields" as fields,
                {GoneAt} as gone_at
            from {Module.Events} e
            cross join lateral jsonb_to_record(e.data) as o("ModifiedTime" timestamptz, "ObservedAt" timestamptz, "Fields" jsonb,
                "Absence" jsonb)
            where {Streams} and e.type in ('{Module.Seen}', '{Module.Gone}') {Recorded}
        ),
        folded as (
            select distinct on (stream_id) {Module.Id("stream_id")} as id, stream_id, modified_time, fields,
                max(case when modified_time is not null
                    then {RecordedEvents.ProvesLife("modified_time", "observed_at")} end) over lead as last_seen,
                max(gone_at) over lead as last_gone
            from observed
            window lead as (partition by stream_id order by {Greatest} rows between unbounded preceding and unbounded following)
            order by stream_id, {Greatest}
        )
        """;

    /// <summary>SQL: whether the lead of the row <c>f</c> of <c>folded</c> lives.</summary>
    public static string Alive { get; } = $"coalesce({RecordedEvents.Alive("f")}, false)";

    /// <summary>SQL: when the lead of the row <c>f</c> of <c>folded</c> was deleted.</summary>
    public string DeletedAt => $"""
        (
            select max(coalesce(o."DeletedAt", (o."Absence" ->> 'DeletedAt')::timestamptz))
            from {Module.Events} e
            cross join lateral jsonb_to_record(e.data) as o("ObservedAt" timestamptz, "DeletedAt" timestamptz, "Absence" jsonb)
            where e.stream_id = f.stream_id and {GoneAt} = f.last_gone {Recorded})
        """;

    /// <summary>SQL: ranges of streams with about <c>$1</c> events each: the first stream and the number of leads.</summary>
    public static string Ranges(Module module) => $"""
        select min(id)::text, count(*) from (
            select id, floor((sum(version) over (order by id) - version) / $1) as range from {module.Streams}
            where starts_with(id, '{module.Prefix}')) s
        group by range order by range
        """;
}
