using LeadSync.Contracts;
using LeadSync.Projector.LegacyView;
using Npgsql;

namespace LeadSync.Projector.Rebuilds;

/// <summary>The tables of the versions of the view, as they are made, indexed and dropped.</summary>
internal sealed class ViewTables(NpgsqlDataSource database)
{
    private static readonly IReadOnlyList<string> ServedNames = [.. new ViewVersion(0).Tables.Select(table => table.Served)];

    /// <summary>The version that is read.</summary>
    public async Task<ViewVersion> Served(CancellationToken ct)
    {
        await using var command = database.CreateCommand("""
            select substring(c.relname from '^leads_v([0-9]+)$')::integer
            from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = 'legacy.leads'::regclass
            """);
        return await command.ExecuteScalarAsync(ct) is int number
            ? new(number)
            : throw new RebuildRefusedException("legacy.leads has no partition of ours: start the projector with the argument migrate");
    }

    /// <summary>The columns of the view, in the order in which they were added.</summary>
    public async Task<IReadOnlyList<Column>> Columns(CancellationToken ct)
    {
        await using var command = database.CreateCommand("select api_name, type from projector.columns order by position");
        await using var reader = await command.ExecuteReaderAsync(ct);
        var columns = new List<Column>();
        while (await reader.ReadAsync(ct))
            columns.Add(new(reader.GetString(0), Enum.Parse<FieldType>(reader.GetString(1))));
        return columns;
    }

    /// <summary>Makes the empty tables of a new version: the served ones without their indexes.</summary>
    public async Task<ViewVersion> Create(CancellationToken ct)
    {
        await using var last = database.CreateCommand(
            "select max(substring(relname from '_v([0-9]+)$')::integer) from pg_class where relnamespace = 'legacy'::regnamespace and relname ~ '^leads_v[0-9]+$'");
        var version = new ViewVersion((int)(await last.ExecuteScalarAsync(ct))! + 1);
        await Execute(
            version.Tables.Select(table => $"create table legacy.{table.Name} (like legacy.{table.Served} including all excluding indexes excluding identity)"), ct);
        return version;
    }

    /// <summary>Adds the columns that the view has got since a version was made.</summary>
    public async Task AddColumns(ViewVersion version, IReadOnlyList<Column> columns, CancellationToken ct)
    {
        await using var command = database.CreateCommand("""
            select attname::text from pg_attribute where attrelid = format('legacy.%I', $1::text)::regclass and attnum > 0 and not attisdropped
            """);
        command.Parameters.Add(new() { Value = version.Leads });
        var has = new HashSet<string>();
        await using (var reader = await command.ExecuteReaderAsync(ct))
        {
            while (await reader.ReadAsync(ct))
                has.Add(reader.GetString(0));
        }

        await Execute(
            columns.Where(column => !has.Contains(column.Name)).Select(column => $"alter table legacy.{version.Leads} add column {column.Identifier} {column.SqlType}"), ct);
    }

    /// <summary>
    /// Gives a version every index that the served tables have and it lacks. PostgreSQL does that itself for a table that becomes a partition: here of an empty
    /// copy, so that the real one need not be locked for it.
    /// </summary>
    public async Task Index(ViewVersion version, CancellationToken ct)
    {
        foreach (var table in version.Tables)
        {
            await using var count = database.CreateCommand($"""
                select count(*) filter (where indrelid = 'legacy.{table.Served}'::regclass) = count(*) filter (where indrelid = 'legacy.{table.Name}'::regclass) from pg_index
                """);
            if (await count.ExecuteScalarAsync(ct) is true)
                continue;

            await Execute([
                $"create table legacy.{table.Name}_shape (like legacy.{table.Served} including indexes including constraints) partition by range (id)",
                $"alter table legacy.{table.Name}_shape attach partition legacy.{table.Name} for values from (minvalue) to (maxvalue)",
                $"alter table legacy.{table.Name}_shape detach partition legacy.{table.Name}",
                $"drop table legacy.{table.Name}_shape",
                // A small sample is enough to begin with, and taken in a tenth of the time.
                "select set_config('default_statistics_target', '10', true)",
                $"analyze legacy.{table.Name}",
            ], ct);
        }
    }

    /// <summary>Lets readers' queries be planned well: autovacuum does not look at partitioned tables as a whole. Takes as long as a good part of a rebuild.</summary>
    public Task Analyze(CancellationToken ct) => Execute(ServedNames.Select(name => $"analyze legacy.{name}"), ct);

    /// <summary>Drops what rebuilds have left behind, and old versions.</summary>
    /// <param name="kept">Stays, as the served one does.</param>
    public async Task DropOthers(int? kept, CancellationToken ct)
    {
        await using var command = database.CreateCommand("""
            select relname::text from pg_class
            where relnamespace = 'legacy'::regnamespace and relkind = 'r' and not relispartition
                and relname ~ '^(deleted_)?leads_v[0-9]+$' and substring(relname from '[0-9]+$')::integer is distinct from $1
            """);
        command.Parameters.Add(new() { Value = (object?)kept ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Integer });
        var left = new List<string>();
        await using (var reader = await command.ExecuteReaderAsync(ct))
        {
            while (await reader.ReadAsync(ct))
                left.Add(reader.GetString(0));
        }

        await Execute(left.Select(name => $"drop table if exists legacy.{name}"), ct);
    }

    /// <summary>Gives a version the names of the view as it was at a moment; whoever may read the view may read it too.</summary>
    /// <returns>The name of the table of leads.</returns>
    public async Task<string> NameAsOf(ViewVersion version, DateTimeOffset moment, CancellationToken ct)
    {
        await Execute(version.Tables.SelectMany(table => new[]
        {
            $"drop table if exists legacy.{ViewVersion.AsOf(table.Served, moment)}",
            $"alter table legacy.{table.Name} rename to {ViewVersion.AsOf(table.Served, moment)}",
            $"""
            do $$
            declare reader text;
            begin
                for reader in
                    select case a.grantee when 0 then 'public' else quote_ident(a.grantee::regrole::text) end
                    from pg_class c, aclexplode(c.relacl) a where c.oid = 'legacy.{table.Served}'::regclass and a.privilege_type = 'SELECT' and a.grantee <> c.relowner
                loop
                    execute 'grant select on legacy.{ViewVersion.AsOf(table.Served, moment)} to ' || reader;
                end loop;
            end $$
            """,
        }), ct);
        return $"legacy.{ViewVersion.AsOf(ServedNames[0], moment)}";
    }

    private async Task Execute(IEnumerable<string> statements, CancellationToken ct)
    {
        await using var batch = database.CreateBatch();
        foreach (var statement in statements)
            batch.BatchCommands.Add(new(statement));
        if (batch.BatchCommands.Count > 0)
            await batch.ExecuteNonQueryAsync(ct);
    }
}
