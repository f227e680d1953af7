using LeadSync.Projector.LegacyView;

namespace LeadSync.Projector.Leads;

/// <summary>
/// The merge rule of <see cref="Lead"/> for many leads at once, as one statement: compares with the registers, appends the events to Marten's
/// tables and brings the view up to date. The only place below Marten's public API: its ordinary append takes a round trip's work per stream.
/// </summary>
internal static class FoldStatement
{
    /// <summary>Gives every lead of the batch a register, so that it can be locked. Ids in order.</summary>
    public const string Register =
        "insert into projector.leads (id) select unnest($1::text[]) on conflict (id) do nothing";

    /// <summary>
    /// Keeps other batches from these leads, in id order so that none waits for another in a circle. A statement of its own: the fold has to see
    /// what the batch wrote that this one waited for.
    /// </summary>
    public const string Lock =
        "select count(*) from (select from projector.leads where id = any($1) order by id for no key update) as locked";

    /// <summary>
    /// Parameters, arrays of one element per observation, distinct ids in order: ids, modified times, observed ats, hashes, deleted ats, events (jsonb),
    /// trace ids, trace parents. Answers one row per observation: its 1-based position, whether it was an event, and whether the lead lives.
    /// </summary>
    public static string Fold(IReadOnlyList<Column> columns)
    {
        var corrections = string.Concat(columns.Select(column => $", {column.Identifier} = r.{Column.Quote(column.ApiName)}"));
        var replacements = string.Concat(columns.Select(column => $", {column.Identifier} = excluded.{column.Identifier}"));
        return $"""
            with o as (
                select * from unnest($1::text[], $2::timestamptz[], $3::timestamptz[], $4::uuid[], $5::timestamptz[], $6::jsonb[], $7::text[], $8::text[])
                    with ordinality as o(id, modified_time, observed_at, content_hash, deleted_at, event, trace_id, trace_parent, position)
            ),
            sighted as materialized (
                -- Only an observation that comes late, from before a page was read, has to be held against what that page confirmed.
                select i.id, max(s.observed_at) as observed_at
                from projector.sightings s cross join unnest(s.ids) as i(id)
                where s.observed_at > (select min(o.observed_at) from o) and i.id = any($1)
                group by i.id
            ),
            known as materialized (
                select l.* from projector.leads l where l.id = any($1)
            ),
            registers as (
                select k.id, k.version, k.modified_time, greatest(k.observed_at, s.observed_at) as observed_at, k.content_hash,
                       greatest(k.last_seen, s.observed_at) as last_seen, k.last_gone, k.deleted_at
                from known k left join sighted s using (id)
            ),
            compared as (
                select o.*, k.version,
                    o.modified_time is not null as was_seen,
                    o.modified_time is not null and (k.modified_time is null
                        or (o.modified_time, o.observed_at, o.content_hash) > (k.modified_time, k.observed_at, k.content_hash)) as is_greater,
                    (o.modified_time, o.content_hash) is distinct from (k.modified_time, k.content_hash) as says_other,
                    coalesce(k.last_seen > coalesce(k.last_gone, '-infinity'), false) as was_alive,
                    case when o.modified_time is null then k.last_seen else greatest(k.last_seen, o.observed_at, o.modified_time) end as last_seen,
                    o.modified_time is null and (k.last_gone is null or (o.observed_at, o.deleted_at) > (k.last_gone, k.deleted_at)) as is_later_absence,
                    k.last_gone as known_last_gone, k.deleted_at as known_deleted_at
                from o join registers k using (id)
            ),
            joined as (
                select c.*,
                    case when is_later_absence then observed_at else known_last_gone end as new_last_gone,
                    case when is_later_absence then deleted_at else known_deleted_at end as new_deleted_at,
                    was_seen and is_greater and says_other as content_changes
                from compared c
            ),
            folded as (
                select j.*, a.is_alive,
                    content_changes or a.is_alive <> was_alive or (not a.is_alive and new_deleted_at is distinct from known_deleted_at) as is_event
                from joined j, lateral (select coalesce(j.last_seen > coalesce(j.new_last_gone, '-infinity'), false) as is_alive) a
            ),
            remembered as (
                update projector.leads l set
                    modified_time = case when f.is_greater then f.modified_time else l.modified_time end,
                    observed_at = case when f.is_greater then f.observed_at else l.observed_at end,
                    content_hash = case when f.is_greater then f.content_hash else l.content_hash end,
                    last_seen = f.last_seen, last_gone = f.new_last_gone, deleted_at = f.new_deleted_at,
                    version = l.version + f.is_event::int
                from folded f
                where l.id = any($1) and l.id = f.id and (f.is_event or f.is_greater or f.is_later_absence or l.last_seen is distinct from f.last_seen)
            ),
            begun as (
                insert into projector.mt_streams (id, version, timestamp, created, tenant_id, is_archived)
                select '{LeadStream.Prefix}' || f.id, 1, now(), now(), '*DEFAULT*', false from folded f where f.is_event and f.version = 0
            ),
            continued as (
                update projector.mt_streams s set version = f.version + 1, timestamp = now()
                from folded f
                where s.id = any(array(select '{LeadStream.Prefix}' || unnest($1))) and s.id = '{LeadStream.Prefix}' || f.id and f.is_event and f.version > 0
            ),
            events as (
                insert into projector.mt_events
                    (seq_id, id, stream_id, version, data, type, timestamp, tenant_id, mt_dotnet_type, correlation_id, causation_id, is_archived)
                select nextval('projector.mt_events_sequence'), gen_random_uuid(), '{LeadStream.Prefix}' || f.id, f.version + 1,
                    case when f.was_seen and not f.is_alive then f.event || jsonb_build_object('Absence', jsonb_build_object('ObservedAt', f.new_last_gone, 'DeletedAt', f.new_deleted_at)) else f.event end,
                    case when f.was_seen then 'lead_seen' else 'lead_gone' end, now(), '*DEFAULT*',
                    case when f.was_seen then '{MartenName<LeadSeen>()}' else '{MartenName<LeadGone>()}' end, f.trace_id, f.trace_parent, false
                from folded f where f.is_event
                order by f.position
            ),
            removed as (
                delete from legacy.leads l using folded f where l.id = any($1) and l.id = f.id and f.was_alive and not f.is_alive
            ),
            buried as (
                insert into legacy.deleted_leads (id, deleted_at)
                select f.id, f.new_deleted_at from folded f where f.is_event and not f.is_alive
                on conflict (id) do update set deleted_at = excluded.deleted_at
            ),
            unburied as (
                delete from legacy.deleted_leads d using folded f where d.id = any($1) and d.id = f.id and f.is_alive and not f.was_alive
            ),
            visible as (
                -- A lead that comes back may be shown with less than is known of it: its greatest content is the view's.
                select f.id, f.was_alive, coalesce(earlier.modified_time, f.modified_time) as modified_time, coalesce(earlier.fields, f.event -> 'Fields') as fields
                from folded f left join lateral (
                    select (e.data ->> 'ModifiedTime')::timestamptz as modified_time, e.data -> 'Fields' as fields
                    from projector.mt_events e
                    where not f.is_greater and e.stream_id = '{LeadStream.Prefix}' || f.id and e.type = 'lead_seen'
                    order by 1 desc, (e.data ->> 'ObservedAt')::timestamptz desc, e.version desc
                    limit 1) earlier on true
                where f.is_alive and f.was_seen and (f.content_changes or not f.was_alive)
            ),
            shown as (
                insert into legacy.leads (id, modified_time{columns.Names()})
                select v.id, v.modified_time{columns.Values()} from visible v {columns.Record("v.fields")} where not v.was_alive
                -- Nobody but us writes to the view; should a row be there all the same, it is no reason to refuse the lead.
                on conflict (id) do update set modified_time = excluded.modified_time{replacements}
            ),
            corrected as (
                update legacy.leads l set modified_time = v.modified_time{corrections}
                from visible v {columns.Record("v.fields")}
                where l.id = any($1) and l.id = v.id and v.was_alive
            )
            select f.position, f.is_event, f.is_alive,
                not f.is_event and case when f.was_seen then f.says_other or not f.is_alive else f.is_alive end as is_outdated
            from folded f
            """;
    }

    /// <summary>Ids in; for each lead that was seen, its id and the fields of its greatest content.</summary>
    public const string KnownFields = $"""
        select distinct on (l.id) l.id, e.data ->> 'Fields'
        from unnest($1::text[]) as l(id) join projector.mt_events e on e.stream_id = '{LeadStream.Prefix}' || l.id and e.type = 'lead_seen'
        order by l.id, (e.data ->> 'ModifiedTime')::timestamptz desc, (e.data ->> 'ObservedAt')::timestamptz desc, e.version desc
        """;

    /// <summary>What Marten calls an event's type in <c>mt_dotnet_type</c>.</summary>
    public static string MartenName<TEvent>() => $"{typeof(TEvent).FullName}, {typeof(TEvent).Assembly.GetName().Name}";

    /// <summary>
    /// Which rows of a page differ from what is known: ids, modified times and hashes in; 0-based positions out, each with whether the
    /// lead is new. Hashes are null for a page that lacks columns, whose rows can only be told apart by their time.
    /// </summary>
    public const string Differing = """
        select o.position - 1, l.id is null
        from unnest($1::text[], $2::timestamptz[], $3::uuid[]) with ordinality as o(id, modified_time, content_hash, position)
        -- A look into the index for each row: joined as a set, every block would go through the whole table.
        left join lateral (select * from projector.leads where id = o.id offset 0) l on true
        where l.modified_time is null
            or o.modified_time > l.modified_time
            or (o.modified_time = l.modified_time and o.content_hash is not null and o.content_hash <> l.content_hash)
            or not coalesce(l.last_seen > coalesce(l.last_gone, '-infinity'), false)
        """;
}
