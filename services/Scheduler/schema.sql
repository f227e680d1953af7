-- Run at every start and by `migrate`, under an advisory lock: every statement has to be repeatable.

create schema if not exists legacy;
create schema if not exists scheduler;

-- The build that last put Marten's tables in place.
create table if not exists scheduler.applied (
    only_row boolean primary key default true check (only_row),
    build    uuid not null
);

-- Its one row tells the readers of the view how far they can trust it.
create table if not exists legacy.sync_status (
    last_good_sync     timestamptz,
    channel_expires_at timestamptz,
    open_gaps          integer not null,
    phase              text not null,
    -- Whether the view shows what Zoho holds, and when the scheduler last looked. A row older than half a minute means that no scheduler
    -- looks.
    in_sync            boolean not null default false,
    checked_at         timestamptz
);

do $$
begin
    if to_regclass('legacy.sync_status_has_one_row') is null then
        create unique index sync_status_has_one_row on legacy.sync_status ((true));
    end if;
end $$;

insert into legacy.sync_status (open_gaps, phase) values (0, 'subscribing') on conflict do nothing;

-- A snapshot of the sync's state after one of its events, for each build, because another build may fold the same events to another state.
create table if not exists scheduler.snapshots (
    build      uuid primary key,
    version    bigint not null,
    last_event uuid not null,
    state      jsonb not null,
    kept_at    timestamptz not null
);

-- Who leads, and when it last took a step of the plan.
create table if not exists scheduler.leader (
    only_row  boolean primary key default true check (only_row),
    instance  text not null,
    version   text not null,
    ticked_at timestamptz not null
);

-- The alerts: why the sync is or was not well, and which receivers were told.
create table if not exists scheduler.alert (
    id              bigint generated always as identity primary key,
    kind            text not null,
    text            text not null,
    since           timestamptz not null,
    opened_at       timestamptz,
    reminded_at     timestamptz,
    gone_since      timestamptz,
    closed_at       timestamptz,
    acknowledged_at timestamptz,
    acknowledged_by text,
    -- The service that the alert is about; null for an alert about the sync.
    subject         text
);

create table if not exists scheduler.alert_message (
    id       uuid not null,
    target   text not null,
    alert_id bigint not null references scheduler.alert on delete cascade,
    event    text not null,
    content  jsonb not null,
    at       timestamptz not null default now(),
    attempts integer not null default 0,
    next_at  timestamptz not null default now(),
    sent_at  timestamptz,
    trouble  text,
    primary key (id, target)
);

do $$
begin
    if to_regclass('scheduler.alert_message_unsent') is null then
        create index alert_message_unsent on scheduler.alert_message (next_at) where sent_at is null;
    end if;
end $$;

-- How far the view was behind Zoho: the maximum of each ten seconds of the last day.
create table if not exists scheduler.behind (
    bucket  timestamptz primary key,
    seconds double precision not null
);
