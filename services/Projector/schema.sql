-- Run at every start and by `migrate`, under an advisory lock: every statement has to be repeatable.

create schema if not exists legacy;
create schema if not exists projector;

-- The build that last put Marten's tables in place.
create table if not exists projector.applied (
    only_row boolean primary key default true check (only_row),
    build    uuid not null
);

-- What the accounts team reads. A column per synced field is added as fields become known. The rows are in one partition, the version that is served: a
-- rebuild fills another and attaches it in its place, and grants, views, indexes and comments stay with the table that has the name.
create table if not exists legacy.leads (
    id            text primary key,
    modified_time timestamptz not null
) partition by range (id);

create table if not exists legacy.deleted_leads (
    id         text primary key,
    deleted_at timestamptz not null
) partition by range (id);

do $$
begin
    if not exists (select from pg_inherits where inhparent = 'legacy.leads'::regclass) then
        create table legacy.leads_v1 partition of legacy.leads for values from (minvalue) to (maxvalue);
        create table legacy.deleted_leads_v1 partition of legacy.deleted_leads for values from (minvalue) to (maxvalue);
    end if;
end $$;

-- The people that the ids of owners and other users stand for (Names/). Empty where the refresh token may not read them.
create table if not exists legacy.users (
    id        text primary key,
    full_name text,
    email     text,
    role      text,
    profile   text,
    active    boolean
);

-- The rebuilds of the view, and what each found different from the view before it.
create table if not exists projector.rebuilds (
    id               uuid primary key,
    kind             text not null,
    as_of            timestamptz,
    started_at       timestamptz not null default now(),
    phase            text not null,
    version          integer,
    replaced_version integer,
    -- The replaced version has every event up to this sequence number.
    position         bigint,
    swapped_at       timestamptz,
    finished_at      timestamptz,
    rows             bigint,
    differences      bigint,
    failure          text
);

create table if not exists projector.rebuild_differences (
    rebuild_id uuid references projector.rebuilds on delete cascade,
    relation   text,
    id         text,
    difference text not null,
    columns    text[],
    primary key (rebuild_id, relation, id)
);

-- The registers of the merge rule (Leads/Lead.cs), and the number of events in the lead's stream.
create table if not exists projector.leads (
    id            text primary key,
    modified_time timestamptz,
    observed_at   timestamptz,
    content_hash  uuid,
    last_seen     timestamptz,
    last_gone     timestamptz,
    deleted_at    timestamptz,
    version       bigint not null default 0
) with (fillfactor = 70);

-- What a bulk page showed: every lead of it was seen as of observed_at, although nothing is written for a lead that had not changed.
create table if not exists projector.sightings (
    run_id      uuid,
    page        integer,
    observed_at timestamptz not null,
    ids         text[] not null,
    primary key (run_id, page)
);
-- Leads of the page that could not be applied: not missing in Zoho, and no proof of what is known of them.
alter table projector.sightings add column if not exists parked text[] not null default '{}';

-- Pages whose file had more or less rows than Zoho counts, until a second file says the same.
create table if not exists projector.page_counts (
    run_id       uuid,
    page         integer,
    job_id       text not null,
    difference   integer not null,
    is_confirmed boolean not null default false,
    at           timestamptz not null default now(),
    primary key (run_id, page)
);

-- What the last full comparison missed that is held back.
create table if not exists projector.held_back (
    only_row boolean primary key default true check (only_row),
    run_id   uuid not null,
    living   integer not null,
    ids      text[] not null
);

-- The columns of legacy.leads, as they came.
create table if not exists projector.columns (
    api_name text primary key,
    type     text not null,
    position integer generated always as identity
);
-- The first field set that had the field, and whether events may hold values of another type.
alter table projector.columns add column if not exists field_set integer, add column if not exists is_mixed boolean not null default false;

-- Columns whose name is not the field's: beside others of the same field that have another type, or where somebody else has a column of that name.
create table if not exists projector.other_columns (
    name      text primary key,
    api_name  text not null,
    type      text not null,
    field_set integer not null,
    position  integer generated always as identity
);

-- What field sets stand for, by their hash. Written once, by whoever learns one from a gateway.
create table if not exists projector.field_sets (
    hash          text primary key,
    position      integer generated always as identity,
    fields        jsonb not null,
    events_before bigint not null
);

-- How far the webhook of changes has come; sending_to is the end of what is being sent.
create table if not exists projector.webhook (
    only_row   boolean primary key default true check (only_row),
    position   bigint not null,
    sending_to bigint,
    attempts   integer not null default 0,
    next_at    timestamptz not null default now(),
    trouble    text
);

-- Changes that the webhook's receiver has refused, to be sent again when somebody wants that.
create table if not exists projector.webhook_dead_letters (
    id             bigint generated always as identity primary key,
    after_position bigint not null,
    up_to          bigint not null,
    trouble        text not null,
    is_wanted      boolean not null default false,
    at             timestamptz not null default now()
);

-- Leads whose person was to be forgotten: the fact and its reason, and nothing of the person.
create table if not exists projector.forgotten (
    id               text primary key,
    reason           text not null,
    ordered_by       text not null,
    ordered_at       timestamptz not null,
    until_seen_again boolean not null,
    -- When everything was gone; null while it is under way.
    forgotten_at     timestamptz,
    seen_again_at    timestamptz
);

-- What a column shows of a value that may be of another type: null when it cannot hold it.
do $$
declare
    type text;
begin
    foreach type in array array['numeric', 'bigint', 'boolean', 'timestamptz', 'date'] loop
        execute format($f$
            create or replace function projector.as_%1$s(value text) returns %1$s language plpgsql immutable as
            'begin return value::%1$s; exception when others then return null; end'
            $f$, type);
    end loop;
end $$;
