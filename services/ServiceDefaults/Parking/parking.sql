-- Run at every start of every service and by `migrate`, under an advisory lock: every statement has to be repeatable.

create schema if not exists parking;

-- Items that could not be processed, and why. Nothing waits for them; they wait for an operator.
create table if not exists parking.parked (
    id         bigint generated always as identity primary key,
    service    text not null,
    kind       text not null,
    -- Identifies the item, so that repeated parking keeps one row: a lead's id, a row's place, a message's id.
    key        text not null,
    -- Where it came from: a queue, a bulk read.
    origin     text not null,
    line       bigint,
    lead_id    text,
    reason     text not null,
    content    bytea,
    -- The headers and properties of a parked message.
    properties jsonb,
    times      integer not null default 1,
    parked_at  timestamptz not null default now(),
    unique (service, kind, key)
);

-- The services' processes that run. One without a heartbeat for half a minute does not run.
create table if not exists parking.running (
    instance      uuid primary key,
    service       text not null,
    version       text not null,
    host          text not null,
    started_at    timestamptz not null,
    seen_at       timestamptz not null default now(),
    -- The messages with changes that the process is handling, and when the oldest of them was sent.
    working_on    integer not null,
    working_since timestamptz,
    -- Why the process is not ready; null when it is, or when its version does not say.
    not_ready     text
);

do $$
begin
    if to_regclass('parking.parked_by_lead') is null then
        create index parked_by_lead on parking.parked (lead_id) where lead_id is not null;
    end if;
end $$;
