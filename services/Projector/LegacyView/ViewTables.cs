using LeadSync.Projector.Rebuilds;
using LeadSync.ServiceDefaults.Database;
using Npgsql;

namespace LeadSync.Projector.LegacyView;

/// <summary>Creates, indexes and drops the tables of the versions of the view.</summary>
internal sealed class ViewTables(
    [FromKeyedServices(PostgresSettings.LongWork)] NpgsqlDataSource database, LegacyColumns legacy, Module module)
{
    private readonly IReadOnlyList<string> servedNames = [module.View, module.Deleted];

    /// <summary>The served version, which readers see.</summary>
    public async Task<ViewVersion> Served(CancellationToken ct) => await Value<int?>($"""
        select substring(c.relname from '^{module.View}_v([0-9]+)$')::integer
        from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = 'legacy.{module.View}'::regclass
        """, ct) is { } number
        ? new(module, number)
        : throw new RebuildRefusedException(
            $"legacy.{module.View} has no partition of ours: start the projector with the argument migrate");

    /// <summary>The columns of the view, in the order in which they were added.</summary>
    public Task<IReadOnlyList<Column>> Columns(CancellationToken ct) => legacy.Read(ct);

    public async Task<long> Count(string table, CancellationToken ct) => await Value<long>($"select count(*) from {table}", ct);

    /// <exception cref="RebuildRefusedException">A foreign key prevents the exchange of the partitions.</exception>
    public async Task RefuseReferences(CancellationToken ct)
    {
        if (await Value<string?>($"""
            select string_agg(format('%s on %s', conname, conrelid::regclass), ', ') from pg_constraint
            where contype = 'f' and conparentid = 0 and confrelid in ('legacy.{module.View}'::regclass, 'legacy.{module.Deleted}'::regclass)
            """, ct) is { } keys)
            throw new RebuildRefusedException(
                $"Foreign keys refer to legacy.{module.View} ({keys}): drop them first, and compare by a query instead");
    }

    /// <exception cref="RebuildRefusedException">The view has row policies. A copy of the view would show rows that the policies
    /// hide.</exception>
    public async Task RefusePolicies(CancellationToken ct)
    {
        if (await Value<bool>($"select relrowsecurity from pg_class where oid = 'legacy.{module.View}'::regclass", ct))
            throw new RebuildRefusedException(
                $"legacy.{module.View} has row policies, which a view as of a moment would not have: ask for the history "
                    + "of single leads instead");
    }

    /// <summary>Creates the empty tables of a new version, like the served tables but without indexes.</summary>
    public async Task<ViewVersion> Create(CancellationToken ct)
    {
        var last = await Value<int>($"""
            select max(substring(relname from '_v([0-9]+)$')::integer) from pg_class
            where relnamespace = 'legacy'::regnamespace and relname ~ '^{module.View}_v[0-9]+$'
            """, ct);
        var version = new ViewVersion(module, last + 1);
        await database.Execute(
            version.Tables.Select(table =>
                $"create table legacy.{table.Name} (like legacy.{table.Served} including all excluding indexes excluding identity)")
                .Append($"select {module.Schema}.hide_versions()"), ct);
        return version;
    }

    /// <summary>Adds to a version the columns that the view got after the version was created.</summary>
    /// <returns>The number of the last event that cannot have a value for any of the added columns; the greatest number when there are
    /// none.</returns>
    public async Task<long> AddColumns(ViewVersion version, IReadOnlyList<Column> columns, CancellationToken ct)
    {
        var has = await Value<string[]>($"""
            select array_agg(attname::text) from pg_attribute
            where attrelid = 'legacy.{version.Leads}'::regclass and attnum > 0 and not attisdropped
            """, ct);
        Column[] added = [.. columns.Where(column => !has.Contains(column.Name))];
        await database.Execute(
            added.Select(column => $"alter table legacy.{version.Leads} add column {column.Identifier} {column.SqlType}"), ct);
        return added.Length == 0 ? long.MaxValue : await Value<long>($"""
            select coalesce(min(f.events_before), 0) from unnest($1::integer[]) s
            left join {module.Schema}.field_sets f on f.position = s
            """, ct, Array.ConvertAll(added, column => column.Since));
    }

    /// <summary>
    /// Builds the indexes of the served tables on a version. PostgreSQL builds them when a table becomes a partition. So the version first
    /// becomes a partition of an empty table of the same shape, which needs no lock on the served table.
    /// </summary>
    public async Task Index(ViewVersion version, CancellationToken ct)
    {
        foreach (var table in version.Tables)
        {
            if (await Value<bool>($"select not exists ({Definitions(table.Served)} except {Definitions(table.Name)})", ct))
                continue;

            await database.Execute([
                $"create table legacy.{table.Name}_shape (like legacy.{table.Served} including indexes including constraints) "
                    + "partition by range (id)",
                $"alter table legacy.{table.Name}_shape attach partition legacy.{table.Name} for values from (minvalue) to (maxvalue)",
                $"alter table legacy.{table.Name}_shape detach partition legacy.{table.Name}",
                $"drop table legacy.{table.Name}_shape",
                // A small sample is enough for the first queries, and takes a tenth of the time.
                "select set_config('default_statistics_target', '10', true)",
                $"analyze legacy.{table.Name}",
            ], ct);
        }
    }

    /// <summary>
    /// Gathers the statistics with which PostgreSQL plans readers' queries, since autovacuum gathers none for a partitioned table. This
    /// takes a good part of a rebuild's time.
    /// </summary>
    public Task Analyze(CancellationToken ct) => database.Execute(servedNames.Select(name => $"analyze legacy.{name}"), ct);

    /// <summary>
    /// Does <see cref="Analyze"/> when the view has more than twice as many rows as at the last time, or was never analyzed.
    /// </summary>
    public async Task AnalyzeGrown(CancellationToken ct)
    {
        if (await Value<bool>($"""
            select whole.reltuples < 0 or coalesce(rows.n_live_tup, 0) > 2 * whole.reltuples
            from pg_class whole join pg_inherits i on i.inhparent = whole.oid left join pg_stat_all_tables rows on rows.relid = i.inhrelid
            where whole.oid = 'legacy.{module.View}'::regclass
            """, ct))
            await Analyze(ct);
    }

    /// <summary>Drops old versions, and the tables that interrupted rebuilds left behind.</summary>
    /// <param name="kept">The number of a version that stays besides the served one; null for none.</param>
    public async Task DropOthers(int? kept, CancellationToken ct)
    {
        var left = await Value<string[]?>($"""
            select array_agg(relname::text) from pg_class
            where relnamespace = 'legacy'::regnamespace and relkind = 'r' and not relispartition
                and relname ~ '^({module.View}|{module.Deleted})_v[0-9]+$'
                    and substring(relname from '[0-9]+$')::integer is distinct from $1::integer
            """, ct, kept);
        await database.Execute((left ?? []).Select(name => $"drop table if exists legacy.{name}"), ct);
    }

    /// <summary>Removes from a version, which shows the view as of a moment, the persons that are forgotten.</summary>
    public Task Forget(ViewVersion version, DateTimeOffset moment, CancellationToken ct) => database.Execute([
        $"""
        delete from legacy.{version.Leads} where id in (
            select id from {module.Schema}.forgotten where seen_again_at is null or seen_again_at > '{moment:O}')
        """], ct);

    /// <summary>Gives a version the names of the view as it was at a moment, and the view's grants.</summary>
    public Task NameAsOf(ViewVersion version, DateTimeOffset moment, CancellationToken ct) =>
        database.Execute(version.Tables.SelectMany(table => new[]
    {
        $"drop table if exists legacy.{ViewVersion.AsOf(table.Served, moment)}",
        $"alter table legacy.{table.Name} rename to {ViewVersion.AsOf(table.Served, moment)}",
        $"""
        do $$
        declare reader text;
        begin
            for reader in
                select case a.grantee when 0 then 'public' else a.grantee::regrole::text end
                from pg_class c, aclexplode(c.relacl) a
                where c.oid = 'legacy.{table.Served}'::regclass and a.privilege_type = 'SELECT' and a.grantee <> c.relowner
            loop
                execute 'grant select on legacy.{ViewVersion.AsOf(table.Served, moment)} to ' || reader;
            end loop;
        end $$
        """,
    }), ct);

    // A definition without the names of the index and its table.
    private static string Definitions(string table) => $"""
        select indisunique, substring(pg_get_indexdef(indexrelid) from ' USING .*') from pg_index
        where indrelid = 'legacy.{table}'::regclass
        """;

    private async Task<T> Value<T>(string sql, CancellationToken ct, params object?[] values)
    {
        await using var command = database.CreateCommand(sql).With(values);
        return await command.ExecuteScalarAsync(ct) is T value ? value : default!;
    }
}
