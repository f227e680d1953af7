-- The gateway's tables. Every statement has to be repeatable.
create schema if not exists gateway;

-- The notification channel: one for all replicas.
create table if not exists gateway.channel (
    only_row   boolean primary key default true check (only_row),
    channel_id text not null,
    opened_at  timestamptz,
    -- Zoho's last grant, by Zoho's clock. When the gateway's answer was lost and the scheduler repeats the command, the channel is not
    -- renewed twice.
    renewed_at timestamptz,
    expires_at timestamptz,
    reopened   boolean
);

-- The tokens that notifications may carry, hashed. A new token is stored before Zoho learns it.
create table if not exists gateway.channel_token (
    token_hash     bytea primary key,
    accepted_until timestamptz not null
);

-- Zoho's access token, encrypted under a key derived from the client's credentials.
create table if not exists gateway.access_token (
    only_row     boolean primary key default true check (only_row),
    value        bytea,
    api_domain   text,
    stale_at     timestamptz,
    expires_at   timestamptz,
    paused_until timestamptz,
    -- Zoho has refused a new token too: until this time the gateways do not ask for another one.
    refused_until timestamptz
);
insert into gateway.access_token default values on conflict do nothing;

-- The calls to Zoho that all replicas make at this moment. A place is taken for seconds, so losing this table loses nothing.
create unlogged table if not exists gateway.call_place (
    place       integer primary key,
    taken_until timestamptz not null
);

-- The last job of each page of a bulk read. When its answer got lost and the command comes again, no second job is created.
create table if not exists gateway.bulk_job (
    run_id       uuid not null,
    page         integer not null,
    job_id       text not null,
    created_time timestamptz not null,
    field_set    text not null,
    kept_at      timestamptz not null default now(),
    primary key (run_id, page)
);

-- API credits spent by all replicas, by the hour.
create table if not exists gateway.credits (
    hour timestamptz primary key,
    used bigint not null
);

-- What Zoho last said to any replica about the organization's remaining credits; null when its answers no longer state them.
create table if not exists gateway.credits_said (
    only_row  boolean primary key default true check (only_row),
    remaining bigint,
    said_at   timestamptz not null
);

-- When notifications could last be accepted.
create table if not exists gateway.receiving (
    only_row  boolean primary key default true check (only_row),
    heartbeat timestamptz not null,
    -- When the last notification was accepted, by Zoho's clock; before the first one, when receiving began.
    heard_at  timestamptz
);

-- The gateways that run, by their process. A gateway that shuts down deletes its row; one without a heartbeat has crashed.
create table if not exists gateway.replica (
    replica_id uuid primary key,
    heartbeat  timestamptz not null
);

-- When the certificate of the public address expires.
create table if not exists gateway.certificate (
    only_row  boolean primary key default true check (only_row),
    ends_at   timestamptz not null,
    looked_at timestamptz not null
);
