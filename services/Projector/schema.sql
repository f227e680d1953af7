-- Run at every start and by `migrate`, under an advisory lock: every statement has to be repeatable.

create schema if not exists legacy;
create schema if not exists projector;

-- What the accounts team reads. A column per synced field is added as fields become known.
create table if not exists legacy.leads (
    id            text primary key,
    modified_time timestamptz not null
);

create table if not exists legacy.deleted_leads (
    id         text primary key,
    deleted_at timestamptz not null
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

-- The columns of legacy.leads, as they came.
create table if not exists projector.columns (
    api_name text primary key,
    type     text not null,
    position integer generated always as identity
);
