-- The projector runs this file after Marten has created its tables, under an advisory lock. Every statement has to be repeatable.

-- Queries find events by stream and number only, so statistics of the events' contents hardly matter. Autovacuum samples and unpacks 300
-- rows for each unit of a table's greatest statistics target. With the default target of 100, that takes most of a second of processor
-- time, once a minute while leads change.
do $$
declare
    columns text;
begin
    select string_agg(format('alter column %I set statistics 10', attname), ', ') into columns from pg_attribute
    where attrelid = 'projector.mt_events'::regclass and attnum > 0 and not attisdropped and attstattarget is distinct from 10;
    if columns is not null then
        execute 'alter table projector.mt_events ' || columns;
    end if;
end $$;
