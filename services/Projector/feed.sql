-- The change feed that the legacy application reads (decision 90). Run after Marten's tables are there; repeatable, under an advisory lock.
-- {build} is the build, see published.sql.

-- The order in which changes of leads became visible: one row for each change. The event holds the changed values. The positions of a day
-- begin at the number of days since 2020, times ten thousand million. Each day has a partition (Feed/FeedDays.cs), so a query for the
-- changes after a position reads no earlier day.
create table if not exists legacy.lead_change_positions (
    position   bigint primary key,
    event      bigint not null,
    id         text not null,
    kind       text not null,
    visible_at timestamptz not null
) partition by range (position);
create table if not exists legacy.lead_change_positions_other partition of legacy.lead_change_positions default;
create sequence if not exists legacy.lead_change_position owned by legacy.lead_change_positions.position;

-- The last position of which LeadSync has dropped changes; zero before that.
create table if not exists projector.dropped_changes (
    only_row boolean primary key default true check (only_row),
    up_to    bigint not null default 0
);
insert into projector.dropped_changes default values on conflict do nothing;

create or replace function projector.first_position(day date) returns bigint language sql immutable as
    'select (day - date ''2020-01-01'') * 10000000000';

-- The value that a column of a type shows: null when the column cannot hold the value. Without a type, the column can hold every value of
-- its field.
create or replace function projector.as_shown(type text, value text) returns text language sql immutable return
    case when case type
        when 'Numeric' then projector.as_numeric(value) is not null
        when 'Integer' then projector.as_bigint(value) is not null
        when 'Boolean' then projector.as_boolean(value) is not null
        when 'DateTime' then projector.as_timestamptz(value) is not null
        when 'Date' then projector.as_date(value) is not null
        else true end then value end;

-- The effect of each event on its lead's row in the view; null without an effect.
do $$
begin
    if obj_description(to_regclass('projector.lead_event_kinds'), 'pg_class') is distinct from '{build}' then
        create or replace view projector.lead_event_kinds as
        select e.seq_id as event, substr(e.stream_id, 6) as id, e.stream_id, e.version, e.timestamp as recorded_at, e.xmin as written_by,
            case when e.type = 'lead_seen' and not e.data ? 'Absence'
                then case when p.lived then 'updated' when p.lived is null then 'created' else 'restored' end
                when p.lived then 'deleted' end as kind
        from projector.mt_events e
        left join lateral (
            select type = 'lead_seen' and not data ? 'Absence' as lived from projector.mt_events
            where e.version > 1 and stream_id = e.stream_id and version < e.version and type in ('lead_seen', 'lead_gone')
            -- A newer version may have written events of other types in between.
            order by version desc limit 1) p on true
        where e.type in ('lead_seen', 'lead_gone');
        comment on view projector.lead_event_kinds is '{build}';
    end if;
end $$;

-- Gives changes their positions. The transaction holds the lock until its end, so the order of positions is the order of commits. A
-- transaction calls this function as its last step, so it never holds the lock while it waits for a client.
create or replace function projector.publish_changes(events bigint[], ids text[], kinds text[]) returns void language plpgsql as $$
declare
    first bigint;
    last bigint;
begin
    if coalesce(cardinality(events), 0) = 0 then
        return;
    end if;
    perform pg_advisory_xact_lock(hashtext('legacy.lead_changes'));
    first := greatest(nextval('legacy.lead_change_position'), projector.first_position((clock_timestamp() at time zone 'utc')::date));
    last := first + cardinality(events) - 1;
    insert into legacy.lead_change_positions (position, event, id, kind, visible_at)
    select first + n - 1, c.event, c.id, c.kind, clock_timestamp() from unnest(events, ids, kinds) with ordinality c(event, id, kind, n);
    perform setval('legacy.lead_change_position', last);
    perform pg_notify('leadsync_leads', last::text);
end $$;

-- The fields whose shown value an event changed, each with its old and new value. This is a function, because PostgreSQL overestimates the
-- cost of the same subquery in a view. The function runs with its owner's rights, because readers of the feed may not read events.
create or replace function projector.changed_fields(of_event bigint, of_kind text) returns jsonb
language plpgsql stable security definer set search_path = pg_catalog cost 50 as $$
declare
    now jsonb;
    before jsonb;
    changed jsonb;
begin
    select case when of_kind = 'deleted' then '{}' else coalesce(e.data #> '{Newer,Fields}', e.data -> 'Fields') end,
        coalesce((
            select coalesce(p.data #> '{Newer,Fields}', p.data -> 'Fields') from projector.mt_events p
            where of_kind in ('updated', 'deleted') and p.stream_id = e.stream_id and p.version < e.version
                and p.type in ('lead_seen', 'lead_gone')
            order by p.version desc limit 1), '{}')
    into now, before from projector.mt_events e where e.seq_id = of_event;

    select jsonb_object_agg(f.name, jsonb_build_object('old', f.old, 'new', f.new)) into changed
    from (
        select n.key as name, before ->> n.key as old, n.value as new from jsonb_each_text(now) n
        where n.value is distinct from before ->> n.key
        union all
        select o.key, o.value, null from jsonb_each_text(before) o where o.value is not null and not now ? o.key
    ) f;
    -- The columns that cannot hold every value of their field; a field with several columns shows each value in one of them. Most views
    -- have no such column. This is a statement of its own, because PostgreSQL takes long to begin it.
    if exists (select from projector.columns where is_mixed) then
        select jsonb_object_agg(f.name, jsonb_build_object('old', f.old, 'new', f.new)) into changed
        from (
            select c.key as name, projector.as_shown(m.type, c.value ->> 'old') as old, projector.as_shown(m.type, c.value ->> 'new') as new
            from jsonb_each(changed) c
            left join projector.columns m on m.api_name = c.key and m.is_mixed
                and not exists (select from projector.other_columns x where x.api_name = m.api_name)
        ) f
        where f.old is distinct from f.new;
    end if;
    return coalesce(changed, '{}');
end $$;

-- The transactions that are appending events, each with the number of its first event or a smaller number. A trigger that is deferred to
-- the commit publishes the changes. The projector inserts this row once in a transaction. For other programs and older projectors, another
-- trigger inserts the row.
create unlogged table if not exists projector.appending (
    transaction xid8 primary key default pg_current_xact_id(),
    first_event bigint not null,
    -- PostgreSQL gives each savepoint of a transaction an id of its own, and marks the savepoint's rows with it.
    writers     xid[] not null default array[pg_current_xact_id()::xid]
);
do $$
begin
    if not exists (select from pg_attribute where attrelid = 'projector.appending'::regclass and attname = 'writers') then
        alter table projector.appending add column writers xid[] not null default array[pg_current_xact_id()::xid];
    end if;
end $$;

create or replace function projector.note_event() returns trigger language plpgsql as $$
declare
    writer xid := (select xmin from projector.mt_events where seq_id = new.seq_id);
begin
    insert into projector.appending as noted (first_event, writers) values (new.seq_id, array[writer])
    on conflict (transaction) do update set first_event = least(excluded.first_event, noted.first_event),
        writers = case when writer = any(noted.writers) then noted.writers else noted.writers || writer end
    where excluded.first_event < noted.first_event or not writer = any(noted.writers);
    return null;
end $$;

-- With these settings, PostgreSQL plans the query once for each connection. Without them, it plans the query at every commit. Planning
-- takes three times as long as the query.
create or replace function projector.publish_appended() returns trigger language plpgsql
set enable_seqscan = off set plan_cache_mode = force_generic_plan as $$
declare
    events bigint[];
    ids text[];
    kinds text[];
begin
    delete from projector.appending a where a.transaction = new.transaction
    returning a.first_event, a.writers into new.first_event, new.writers;
    select array_agg(c.event), array_agg(c.id), array_agg(c.kind) into events, ids, kinds
    from (
        select k.event, k.id, k.kind from projector.lead_event_kinds k
        where k.event >= new.first_event and k.written_by = any(new.writers) and k.kind is not null
        order by k.event) c;
    perform projector.publish_changes(events, ids, kinds);
    return null;
end $$;

do $$
begin
    if not exists (select from pg_trigger where tgrelid = 'projector.appending'::regclass and tgname = 'publish_appended') then
        create constraint trigger publish_appended after insert on projector.appending deferrable initially deferred
            for each row execute function projector.publish_appended();
    end if;
    -- An earlier version installed a statement trigger of this name. The lowest bit of tgtype is set for a row trigger only.
    if not exists (
        select from pg_trigger where tgrelid = 'projector.mt_events'::regclass and tgname = 'note_events' and tgtype & 1 = 1) then
        create or replace trigger note_events after insert on projector.mt_events
            for each row when (current_setting('leadsync.append', true) is distinct from 'noted') execute function projector.note_event();
    end if;

    -- The columns of legacy.leads, each with its field. A field whose type has changed in Zoho has several columns.
    if to_regclass('legacy.lead_columns') is null then
        create view legacy.lead_columns as
        select c.api_name, c.column_name,
            case c.type when 'Numeric' then 'numeric' when 'Integer' then 'bigint' when 'Boolean' then 'boolean'
                when 'DateTime' then 'timestamptz' when 'Date' then 'date' else 'text' end as type
        from (
            -- As LegacyView/Column.cs names them.
            select api_name, lower(left(api_name, 63) collate "C")
                || case when lower(api_name collate "C") in ('tableoid', 'xmin', 'cmin', 'xmax', 'cmax', 'ctid') then '_' else '' end
                    as column_name, type
            from projector.columns
            union all
            select api_name, name, type from projector.other_columns) c;
        comment on view legacy.lead_columns is
            'The columns of legacy.leads after id and modified_time: the API name of the field in Zoho, and the column''s name and type.';
    end if;

    -- A start does not replace an existing view: the statement would wait for readers, and other readers would wait behind it. The view
    -- reads an event only for the columns that need one, so aggregates such as max(position) read only the index.
    if to_regclass('legacy.lead_changes') is null then
        create view legacy.lead_changes as
        select c.position, c.id, c.kind,
            (
                select case c.kind when 'deleted' then coalesce(e.data #>> '{Absence,DeletedAt}', e.data ->> 'DeletedAt')
                    else coalesce(e.data #>> '{Newer,ModifiedTime}', e.data ->> 'ModifiedTime') end::timestamptz
                from projector.mt_events e where e.seq_id = c.event
            ) as modified_time,
            c.visible_at,
            (select e.data ->> 'Source' from projector.mt_events e where e.seq_id = c.event) as source,
            projector.changed_fields(c.event, c.kind) as changed,
            (select e.correlation_id::text from projector.mt_events e where e.seq_id = c.event) as trace_id
        from legacy.lead_change_positions c;
        comment on view legacy.lead_changes is
            'One row per change of a lead, in the order in which changes became visible: read what comes after the position that you know. '
            'LISTEN leadsync_leads tells when.';
    end if;
end $$;

-- The new values of a change, by column, as the row shows them: what a reader writes into a table of its own. The function runs with its
-- owner's rights, because readers may not use the schema projector.
create or replace function legacy.new_values(changed jsonb) returns jsonb
language sql stable security definer set search_path = pg_catalog as $$
    select coalesce(jsonb_object_agg(c.column_name, case when case c.type
        when 'numeric' then projector.as_numeric(c.value) is not null
        when 'bigint' then projector.as_bigint(c.value) is not null
        when 'boolean' then projector.as_boolean(c.value) is not null
        when 'timestamptz' then projector.as_timestamptz(c.value) is not null
        when 'date' then projector.as_date(c.value) is not null
        else true end then c.value end), '{}')
    from (
        select k.column_name, k.type, f.value ->> 'new' as value
        from jsonb_each(changed) f join legacy.lead_columns k on k.api_name = f.key) c
$$;

-- Whether changes after a position are no longer in the feed. The function runs with its owner's rights, because readers may not use the
-- schema projector.
create or replace function legacy.missed_changes(after bigint) returns boolean
language sql stable security definer set search_path = pg_catalog as
    'select up_to > after from projector.dropped_changes';
