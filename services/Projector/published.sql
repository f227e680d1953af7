-- The tables, views and functions of this schema that the scheduler's console reads. The projector runs this file after Marten has created
-- its tables, under an advisory lock. Every statement has to be repeatable. Replacing a view would wait for its readers, so each build
-- replaces a view once: {build} is the build.

-- How long announced changes took: for each ten seconds, the number of changes in each bin of DurationHistogram. The stages are: from
-- Zoho's modified time to the notification (received), then to the gateway's message (published), then to the view (folded). total is the
-- sum of the stages.
create table if not exists projector.change_latency (
    bucket        timestamptz primary key,
    changes       integer not null,
    last_modified timestamptz,
    last_applied  timestamptz not null,
    received      integer[] not null,
    published     integer[] not null,
    folded        integer[] not null,
    total         integer[] not null
);

-- Every event of every lead. A query names one stream: 'lead-' and the lead's id.
do $$
begin
    if obj_description(to_regclass('projector.lead_history'), 'pg_class') is distinct from '{build}' then
        create or replace view projector.lead_history as
        select stream_id as stream, version, type as event, timestamp as recorded_at, correlation_id as trace_id,
            data ->> 'Source' as source,
            (data ->> 'ModifiedTime')::timestamptz as modified_time,
            (data ->> 'ObservedAt')::timestamptz as observed_at,
            coalesce(data ->> 'DeletedAt', data -> 'Absence' ->> 'DeletedAt')::timestamptz as deleted_at,
            case type when 'lead_gone' then data ->> 'ObservedAt' else data -> 'Absence' ->> 'ObservedAt' end::timestamptz as absent_at,
            data -> 'Fields' as fields
        from projector.mt_events
        -- A newer version may have written events of other types.
        where type in ('lead_seen', 'lead_gone');
        comment on view projector.lead_history is '{build}';
    end if;
end $$;

-- The fields that have a column in the view, by their names in Zoho, with the type of the latest of their columns.
do $$
begin
    if obj_description(to_regclass('projector.synced_fields'), 'pg_class') is distinct from '{build}' then
        create or replace view projector.synced_fields as
        select distinct on (api_name) api_name, type
        from (select api_name, type, 0, position from projector.columns
              union all select api_name, type, 1, position from projector.other_columns) c(api_name, type, rank, position)
        order by api_name, rank desc, position desc;
        comment on view projector.synced_fields is '{build}';
    end if;
end $$;

-- The fields as Zoho last described them, in Zoho's order. synced_as is the type in the view, and null for a field that is not synced.
create table if not exists projector.described_fields (
    api_name  text primary key,
    label     text,
    data_type text not null,
    synced_as text,
    reason    text,
    position  integer not null,
    read_at   timestamptz not null default now()
);

-- The value of a field in each event of a range of one lead's events, in the order in which the events were recorded. A lead may have
-- thousands of events, so the function unpacks each event once, and leaves times as text.
create or replace function projector.field_values(lead_id text, field text, after_version bigint, last_version bigint)
returns table (version bigint, modified_time text, observed_at text, value text)
language sql stable as $$
    select e.version, e.data ->> 'ModifiedTime', e.data ->> 'ObservedAt', e.data #>> array['Fields', field]
    from projector.mt_events e
    where e.stream_id = 'lead-' || lead_id and e.version > after_version and e.version <= last_version and e.type = 'lead_seen'
    order by e.version
$$;

-- The progress of each page of the latest bulk read: checked rows were compared with the known leads, done rows are applied or change
-- nothing.
create table if not exists projector.page_progress (
    run_id     uuid,
    page       integer,
    checked    integer not null,
    done       integer not null,
    started_at timestamptz not null default now(),
    at         timestamptz not null default now(),
    primary key (run_id, page)
);
