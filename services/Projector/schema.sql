-- The projector runs this file at every start and at `migrate`, under an advisory lock. Every statement has to be repeatable.

create schema if not exists legacy;
create schema if not exists projector;

-- The build that last put Marten's tables in place.
create table if not exists projector.applied (
    only_row boolean primary key default true check (only_row),
    build    uuid not null
);

-- The table that the legacy application reads. The projector adds a column for each synced field. The rows are in one partition, the served
-- version. A rebuild fills another partition and attaches it instead, so grants, views, indexes and comments stay with the table.
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

-- A row policy of the view does not hold for who reads a version itself. So only the owner may read a version. Readers of the view need no
-- rights on it, and may have got some by default privileges.
create or replace function projector.hide_versions() returns void language plpgsql as $$
declare
    hidden record;
begin
    for hidden in
        select distinct c.oid::regclass as version, case r.grantee when 0 then 'public' else r.grantee::regrole::text end as reader
        from pg_class c cross join lateral aclexplode(c.relacl) r
        where c.relnamespace = 'legacy'::regnamespace and c.relname ~ '^(deleted_)?leads_v[0-9]+$' and c.relkind = 'r'
            and r.grantee <> c.relowner and pg_has_role(c.relowner, 'usage')
    loop
        execute format('revoke all on %s from %s', hidden.version, hidden.reader);
    end loop;
end $$;
select projector.hide_versions();

-- The names of owners and other users, by their ids (Names/). Empty where the refresh token may not read them.
create table if not exists legacy.users (
    id        text primary key,
    full_name text,
    email     text,
    role      text,
    profile   text,
    active    boolean
);

-- The columns of legacy.leads_named whose names alone do not say what they show: the name of the user in a column of legacy.leads, or such
-- a column under another name.
create table if not exists projector.named_columns (
    name       text primary key,
    source     text not null,
    is_of_user boolean not null
);

-- Names/NamedView.cs adds the other columns after the first read of Zoho's users. The services have to own the view for that.
do $$
begin
    if to_regclass('legacy.leads_named') is null then
        create view legacy.leads_named with (security_invoker = true) as
        select l.id, l.modified_time from legacy.leads l;
        execute (
            select format('alter view legacy.leads_named owner to %I', pg_get_userbyid(nspowner))
            from pg_namespace where nspname = 'legacy');
    end if;
end $$;

-- The rebuilds of the view, and the differences that each found from the view before it.
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

-- The registers of the merge rule (Leads/Lead.cs), and the version of the lead's stream up to which they are folded.
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

-- The leads that a bulk page showed as of observed_at: an unchanged lead is written nowhere else.
create table if not exists projector.sightings (
    run_id      uuid,
    page        integer,
    observed_at timestamptz not null,
    ids         text[] not null,
    -- Leads of the page that were parked: Zoho has them, but the page confirms none of their values.
    parked      text[] not null default '{}',
    primary key (run_id, page)
);

-- Pages whose file had more or fewer rows than Zoho counted. A second file with the same number confirms the difference.
create table if not exists projector.page_counts (
    run_id       uuid,
    page         integer,
    job_id       text not null,
    difference   integer not null,
    is_confirmed boolean not null default false,
    at           timestamptz not null default now(),
    primary key (run_id, page)
);

-- The leads that the held-back full comparison did not find in Zoho.
create table if not exists projector.held_back (
    only_row boolean primary key default true check (only_row),
    run_id   uuid not null,
    living   integer not null,
    ids      text[] not null
);

-- The outcome of the last full comparison. The scheduler repeats a command that was not answered.
create table if not exists projector.compared (
    only_row  boolean primary key default true check (only_row),
    run_id    uuid not null,
    living    integer not null,
    missing   integer not null,
    held_back boolean not null
);

-- The columns of legacy.leads, in the order in which they were added.
create table if not exists projector.columns (
    api_name text primary key,
    type     text not null,
    position integer generated always as identity,
    -- The first field set that had the field, and whether events may hold values of another type.
    field_set integer,
    is_mixed  boolean not null default false
);

-- Columns with another name than their field: the field has a column of another type already, or another program added a column of that
-- name.
create table if not exists projector.other_columns (
    name      text primary key,
    api_name  text not null,
    type      text not null,
    field_set integer not null,
    position  integer generated always as identity
);

-- The fields of each field set, by the hash of the set. The first replica that learns a set from a gateway writes its row, which never
-- changes.
create table if not exists projector.field_sets (
    hash          text primary key,
    position      integer generated always as identity,
    fields        jsonb not null,
    events_before bigint not null
);

-- The position up to which the webhook has delivered changes. sending_to is the last position of the request that is under way.
create table if not exists projector.webhook (
    only_row   boolean primary key default true check (only_row),
    position   bigint not null,
    sending_to bigint,
    attempts   integer not null default 0,
    next_at    timestamptz not null default now(),
    trouble    text
);

-- Changes that the webhook's receiver has refused. POST /feed/replay sends them again.
create table if not exists projector.webhook_dead_letters (
    id             bigint generated always as identity primary key,
    after_position bigint not null,
    up_to          bigint not null,
    trouble        text not null,
    is_wanted      boolean not null default false,
    at             timestamptz not null default now(),
    -- A dead letter has a back-off of its own, so it keeps no later change waiting.
    attempts       integer not null default 0,
    next_at        timestamptz not null default now()
);

-- Leads to forget: the action and its reason, and no data of the person.
create table if not exists projector.forgotten (
    id               text primary key,
    reason           text not null,
    ordered_by       text not null,
    ordered_at       timestamptz not null,
    until_seen_again boolean not null,
    -- When the projector had removed all data of the person; null until then.
    forgotten_at     timestamptz,
    seen_again_at    timestamptz,
    -- The version of the lead's stream up to which events are masked: later events show what Zoho showed after the command.
    up_to_version    bigint
);

-- A value of another type, converted to a column's type; null when the column cannot hold the value. A column holds the canonical texts of
-- its own type only (contracts/FieldValue.cs): PostgreSQL alone would read "today" as a date.
do $$
declare
    type text;
    canonical text;
begin
    for type, canonical in values
        ('numeric', '^(0|-?[1-9][0-9]*|-?(0|[1-9][0-9]*)[.][0-9]*[1-9])$'),
        ('bigint', '^(0|-?[1-9][0-9]*)$'), ('boolean', '^(true|false)$'),
        ('timestamptz', '^[0-9]{4,}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]*[1-9])?Z$'),
        ('date', '^[0-9]{4,}-[0-9]{2}-[0-9]{2}$')
    loop
        execute format($f$
            create or replace function projector.as_%1$s(value text) returns %1$s language plpgsql immutable as
            $b$begin return case when value ~ %2$L then value::%1$s end; exception when others then return null; end$b$
            $f$, type, canonical);
    end loop;
end $$;
