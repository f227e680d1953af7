-- Run when Marten's tables have been put in place; repeatable, under an advisory lock.

-- Events are only ever looked for by stream and number, so their values hardly matter to a plan. Autovacuum samples 300 rows for each unit of a table's
-- greatest target, and unpacks them: with the default of 100 that is most of a second of a processor, once a minute while leads change.
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
