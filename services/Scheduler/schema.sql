-- Run at every start and by `migrate`, under an advisory lock: every statement has to be repeatable.

create schema if not exists legacy;

-- Its one row tells the readers of the view how far they can trust it.
create table if not exists legacy.sync_status (
    last_good_sync     timestamptz,
    channel_expires_at timestamptz,
    open_gaps          integer not null,
    phase              text not null
);

create unique index if not exists sync_status_has_one_row on legacy.sync_status ((true));

insert into legacy.sync_status (open_gaps, phase) values (0, 'subscribing') on conflict do nothing;
