using Npgsql;

namespace LeadSync.ServiceDefaults.Database;

/// <summary>
/// The sequences that number the rows of LeadSync's tables. Logical replication (blue/green, an import) copies rows but not sequences:
/// afterwards a sequence gives numbers that are taken.
/// </summary>
public static class Sequences
{
    // PostgreSQL knows which column owns a sequence, except for the sequences that Marten creates.
    private const string Behind = """
        with numbered as materialized (
            select d.objid as sequence, d.refobjid as owner, a.attname as number
            from pg_depend d
            join pg_class s on s.oid = d.objid and s.relkind = 'S'
            join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
            where d.classid = 'pg_class'::regclass and d.refclassid = 'pg_class'::regclass and d.deptype in ('a', 'i')
            union
            select to_regclass(schema || '.mt_events_sequence'), to_regclass(schema || '.mt_events'), 'seq_id'
            from unnest(array['projector', 'scheduler']) schema)
        select format('%I.%I', n.nspname, s.relname) as sequence, format('%I.%I', n.nspname, t.relname) as owner,
            quote_ident(number) as number
        from numbered join pg_class s on s.oid = sequence join pg_class t on t.oid = owner join pg_namespace n on n.oid = t.relnamespace
        where n.nspname in ('gateway', 'projector', 'scheduler', 'parking', 'legacy')
            and has_table_privilege(t.oid, 'select') and has_schema_privilege(n.oid, 'usage')
            -- PostgreSQL evaluates conditions in any order, and has_sequence_privilege fails for anything but a sequence.
            and case when s.relkind = 'S' then has_sequence_privilege(s.oid, 'select') else false end
        order by 1
        """;

    /// <returns>The names of the sequences that would give a number that is taken.</returns>
    public static async Task<IReadOnlyList<string>> Lagging(NpgsqlDataSource database, CancellationToken ct) =>
        [.. (await Find(database, ct)).Select(sequence => sequence.Name)];

    internal static async Task SetRight(NpgsqlDataSource database, CancellationToken ct)
    {
        foreach (var (name, highest) in await Find(database, ct))
        {
            await using var command = database.CreateCommand("select setval($1::regclass, $2)").With(name, highest);
            await command.ExecuteScalarAsync(ct);
        }
    }

    /// <exception cref="SettingsException">A sequence is behind its table; the sentence says what to do.</exception>
    internal static async Task Demand(NpgsqlDataSource database, CancellationToken ct)
    {
        if (await Lagging(database, ct) is { Count: > 0 } lagging)
        {
            throw new SettingsException(
                $"The sequence {string.Join(", ", lagging)} is behind its table, as after a move by logical replication: "
                + "run the service with the argument migrate, which corrects the sequence");
        }
    }

    private static async Task<List<(string Name, long Highest)>> Find(NpgsqlDataSource database, CancellationToken ct)
    {
        var (all, lagging) = (new List<(string Sequence, string Owner, string Number)>(), new List<(string, long)>());
        await using (var command = database.CreateCommand(Behind))
        {
            await using var reader = await command.ExecuteReaderAsync(ct);
            while (await reader.ReadAsync(ct))
                all.Add((reader.GetString(0), reader.GetString(1), reader.GetString(2)));
        }

        foreach (var (sequence, owner, number) in all)
        {
            await using var command = database.CreateCommand(
                $"select (select max({number})::bigint from {owner}), last_value + is_called::int from {sequence}");
            await using var reader = await command.ExecuteReaderAsync(ct);
            await reader.ReadAsync(ct);
            if (!await reader.IsDBNullAsync(0, ct) && reader.GetInt64(0) >= reader.GetInt64(1))
                lagging.Add((sequence, reader.GetInt64(0)));
        }

        return lagging;
    }
}
