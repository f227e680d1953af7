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
    phase              text not null
);

create unique index if not exists sync_status_has_one_row on legacy.sync_status ((true));

insert into legacy.sync_status (open_gaps, phase) values (0, 'subscribing') on conflict do nothing;
