-- LeadSync's roles, with the least rights that each needs. Run this script in the database before the first migration, as a superuser or
-- the database's owner with CREATEROLE. It can be repeated. It sets no passwords: set one for each role afterwards, for example with psql's
-- \password.
--
--   leadsync_migrator   creates and changes tables: the migration job only
--   leadsync_writer     the three services and rebuilds
--   leadsync_reader     the legacy application: may only select from the schema legacy

do $$
declare
    name text;
    owned text;
begin
    foreach name in array array['leadsync_migrator', 'leadsync_writer', 'leadsync_reader'] loop
        if not exists (select from pg_roles where rolname = name) then
            execute format('create role %I login', name);
        end if;
    end loop;

    execute format('revoke all on database %I from public', current_database());
    execute format('grant connect on database %I to leadsync_migrator, leadsync_writer, leadsync_reader', current_database());
    execute format('grant create on database %I to leadsync_migrator', current_database());

    -- A superuser may anyway; any other role has to be a member to create schemas for others.
    if not (select rolsuper from pg_roles where rolname = current_user) then
        execute format('grant leadsync_migrator, leadsync_writer to %I', current_user);
    end if;

    -- The services read and write what the migrator made, and cannot change its shape.
    foreach owned in array array['gateway', 'projector', 'scheduler', 'parking'] loop
        execute format('create schema if not exists %I authorization leadsync_migrator', owned);
        execute format('grant usage on schema %I to leadsync_writer', owned);
        execute format('grant select, insert, update, delete on all tables in schema %I to leadsync_writer', owned);
        execute format('grant usage, select on all sequences in schema %I to leadsync_writer', owned);
        execute format('alter default privileges for role leadsync_migrator in schema %I '
            'grant select, insert, update, delete on tables to leadsync_writer', owned);
        execute format('alter default privileges for role leadsync_migrator in schema %I '
            'grant usage, select on sequences to leadsync_writer', owned);
    end loop;
end $$;

revoke all on schema public from public;

-- The services own the schema of the view: while the projector runs, a new field in Zoho becomes a column, and a rebuild exchanges tables.
-- PostgreSQL lets only a table's owner do that. The migrator is a member of the owner, and gives the owner what it creates here.
create schema if not exists legacy authorization leadsync_writer;
grant leadsync_writer to leadsync_migrator;

grant usage on schema legacy to leadsync_reader;
grant select on all tables in schema legacy to leadsync_reader;
alter default privileges for role leadsync_migrator in schema legacy grant select on tables to leadsync_reader;
alter default privileges for role leadsync_writer in schema legacy grant select on tables to leadsync_reader;

-- Row policies of legacy.leads do not hold for who reads one of its versions itself. The projector takes these rights from the versions
-- that it creates.
do $$
declare
    version regclass;
begin
    for version in
        select oid from pg_class
        where relnamespace = 'legacy'::regnamespace and relname ~ '^(deleted_)?leads_v[0-9]+$' and relkind = 'r'
    loop
        execute format('revoke all on %s from leadsync_reader', version);
    end loop;
end $$;

-- An idle transaction keeps its locks, so PostgreSQL ends its session.
alter role leadsync_writer set idle_in_transaction_session_timeout = '10min';
alter role leadsync_reader set idle_in_transaction_session_timeout = '10min';
alter role leadsync_reader set default_transaction_read_only = on;
