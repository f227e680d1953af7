-- Run after schema.sql, when columns of later versions are there.

-- An earlier version knew no subjects. Its script leaves an index of this name alone.
do $$
begin
    if exists (select from pg_index where indexrelid = to_regclass('scheduler.alert_is_open_once') and indnatts = 1) then
        drop index scheduler.alert_is_open_once;
    end if;
    if to_regclass('scheduler.alert_is_open_once') is null then
        create unique index alert_is_open_once on scheduler.alert (kind, coalesce(subject, '')) where closed_at is null;
    end if;
end $$;
