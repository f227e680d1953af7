using System.Collections.Concurrent;
using LeadSync.Contracts;
using LeadSync.Projector.Rebuilds;
using LeadSync.ServiceDefaults.Database;
using Npgsql;

namespace LeadSync.Projector.LegacyView;

/// <summary>
/// The columns of the view. The new fields of a field set become columns. A column never changes its type and never vanishes under a
/// reader. While a reader's lock keeps a column from being added, leads are applied without the column (<see cref="NewColumns"/>).
/// </summary>
internal sealed partial class LegacyColumns(NpgsqlDataSource database, FieldSets sets, Module module, ILogger<LegacyColumns> log)
{
    // PostgreSQL's limit is 63 bytes, and a number may follow.
    private const int LongestName = 60;

    private static readonly string[] Ours = ["id", "modified_time"];

    private readonly ConcurrentDictionary<string, FieldSet> fieldSets = new();
    private volatile IReadOnlyList<Column> columns = [];

    // Why columns could not be added at the last attempt: attempts follow each other quickly, and the log names each reason once.
    private volatile string? obstacle;

    /// <summary>Every column that this replica knows of, in the order in which they were added.</summary>
    public IReadOnlyList<Column> All => columns;

    /// <summary>Columns that are still to be added and filled, each with the number of the last event that cannot have a value for
    /// it.</summary>
    public ConcurrentDictionary<Column, long> Pending { get; } = new();

    /// <summary>The revision of field sets and columns that this replica has loaded, see <see cref="RevisionSql"/>.</summary>
    public long Revision { get; private set; } = -1;

    /// <summary>SQL: a number that grows with every new field set, and with every further column of a field.</summary>
    public string RevisionSql { get; } =
        $"(select coalesce(max(position), 0) from {module.Schema}.field_sets) + (select count(*) from {module.Schema}.other_columns)";

    /// <summary>The fields of a field set.</summary>
    public async ValueTask<FieldSet> For(string hash, CancellationToken ct)
    {
        if (fieldSets.TryGetValue(hash, out var cached))
            return cached;

        UseIfNewer(await Read(ct));
        if (await sets.Find(hash, ct) is not { } known)
            return new(int.MaxValue, Fields(new(0, 0, [.. columns.Select(column => new LeadField(column.ApiName, column.Type))])));

        await Provide(known, ct);
        UseIfNewer(await Read(ct));
        return fieldSets[hash] = new(known.Position, Fields(known));
    }

    /// <summary>Whether every field of a set has exactly one column, which can hold every value of the field.</summary>
    public bool IsPlain(FieldSet set)
    {
        var plain = columns.Where(column => !column.IsMixed).Select(column => column.Name).ToHashSet(StringComparer.Ordinal);
        return set.Fields.All(field => field.IsPlain && plain.Contains(field.Column.Name));
    }

    /// <summary>Loads the field sets and columns that other replicas have stored.</summary>
    public async Task Refresh(long revision, CancellationToken ct)
    {
        fieldSets.Clear();
        UseIfNewer(await Read(ct));
        foreach (var hash in await sets.Stored(ct))
            await For(hash, ct);
        Revision = revision;
    }

    /// <summary>The fields that became known after a field set: an answer with that set does not tell their values.</summary>
    public IEnumerable<string> UnknownTo(int position) =>
        columns.Concat(Pending.Keys).Where(column => column.Since > position).Select(column => column.ApiName);

    /// <summary>Gives a field a further column of its present type. The old column stays, with the values that fit it.</summary>
    /// <returns>The column; null while a reader's lock keeps it from being added.</returns>
    /// <exception cref="RebuildRefusedException">The field needs no other column, or PostgreSQL refuses the column.</exception>
    public async Task<Column?> Retype(string apiName, CancellationToken ct)
    {
        // A cached field set still names the columns that existed when it was cached.
        fieldSets.Clear();
        UseIfNewer(await Read(ct));
        SyncedField? field = null;
        foreach (var hash in await sets.Stored(ct))
            field = (await For(hash, ct)).Fields.Where(known => string.Equals(known.Name, apiName, StringComparison.OrdinalIgnoreCase))
                .MaxBy(known => known.Name == apiName) ?? field;
        if (field is null || (field.IsPlain && field.Column.Name == Column.NameOf(field.Name)))
        {
            throw new RebuildRefusedException(
                $"{apiName} needs no other column: no such field is synced, or its latest column has the type that Zoho says");
        }

        if (field.IsPlain)
            return field.Column;

        var name = $"{Column.NameOf(field.Name)}_{field.Field.Type.ToString().ToLowerInvariant()}";
        name = Free(name[^Math.Min(name.Length, LongestName)..], columns);
        var column = new Column(field.Name, field.Field.Type, name, field.Column.Since, IsMixed: true);
        if (await TryAdd([column], ct) is { } sqlState)
            throw new RebuildRefusedException($"PostgreSQL refuses a new column of legacy.{module.View} with SQLSTATE {sqlState}");

        UseIfNewer(await Read(ct));
        return columns.LastOrDefault(present => IsSame(present, column));
    }

    /// <summary>Adds the pending columns, unless a reader or another replica holds a lock on the view.</summary>
    /// <returns>The pending columns that exist now, whoever added them, each with the number of the last event that cannot have a value
    /// for the column.</returns>
    public async Task<IReadOnlyDictionary<Column, long>> TryAddPending(CancellationToken ct)
    {
        await TryAdd([.. Pending.Keys], ct);
        UseIfNewer(await Read(ct));
        // Another replica has added the field's column at the same moment, under a name of another case.
        foreach (var pending in Pending.Keys.Where(pending => columns.Any(
            column => column.Name == pending.Name && column.ApiName != pending.ApiName)))
        {
            Pending.TryRemove(pending, out _);
            fieldSets.Clear();
        }

        return Pending.Where(pending => columns.Any(column => IsSame(column, pending.Key))).ToDictionary();
    }

    private static bool IsSame(Column one, Column other) => (one.ApiName, one.SqlType) == (other.ApiName, other.SqlType);

    private static string Free(string name, IEnumerable<Column> others)
    {
        var taken = others.Select(other => other.Name).Concat(Ours).ToHashSet(StringComparer.Ordinal);
        return Enumerable.Range(2, taken.Count).Select(number => $"{name}_{number}").Prepend(name).First(free => !taken.Contains(free));
    }

    // Columns never vanish, so the longer of two lists is the newer one.
    private void UseIfNewer(IReadOnlyList<Column> read)
    {
        lock (Pending)
        {
            if (read.Count >= columns.Count && !read.SequenceEqual(columns))
                columns = read;
        }
    }

    private async Task Provide(KnownFieldSet set, CancellationToken ct)
    {
        var fields = Fields(set);
        Column[] missing = [.. fields.Select(field => field.Column).Where(column => !columns.Contains(column))];
        if (missing.Length > 0)
        {
            await TryAdd(missing, ct);
            UseIfNewer(await Read(ct));
            foreach (var column in missing.Where(column => !columns.Any(present => present.ApiName == column.ApiName)))
                Pending[column] = set.EventsBefore;
        }

        string[] mixed = [.. fields.Where(field => !field.IsPlain && !field.Column.IsMixed).Select(field => field.Name)];
        if (mixed.Length > 0)
            await database.Execute($"update {module.Schema}.columns set is_mixed = true where api_name = any($1)", ct, [mixed]);
    }

    /// <summary>The fields of a set with their columns, by name.</summary>
    private IReadOnlyList<SyncedField> Fields(KnownFieldSet set)
    {
        var fields = new List<SyncedField>();
        foreach (var field in set.Fields.DistinctBy(field => field.ApiName, StringComparer.Ordinal))
            fields.Add(new(field, ColumnOf(field, set, fields) ?? NewColumn(field, set, fields)));
        return [.. fields.OrderBy(field => field.Name, StringComparer.Ordinal)];
    }

    // When Zoho changes only the case of a name, the field is still the same, unless another field of the set has the name or the column.
    private Column? ColumnOf(LeadField field, KnownFieldSet set, List<SyncedField> before) =>
        columns.LastOrDefault(column => column.ApiName == field.ApiName)
            ?? columns.LastOrDefault(column => string.Equals(column.ApiName, field.ApiName, StringComparison.OrdinalIgnoreCase)
                && set.Fields.All(other => other.ApiName != column.ApiName) && before.All(other => other.Name != column.ApiName));

    // Column names have no case. Of two fields whose names differ only in case, the later one gets a number.
    private Column NewColumn(LeadField field, KnownFieldSet set, List<SyncedField> before)
    {
        var column = new Column(field.ApiName, field.Type, set.Position);
        return column with { Name = Free(column.Name, columns.Concat(before.Select(other => other.Column))) };
    }

    /// <summary>Readers queue behind a statement that waits to change the table. So one statement adds all columns, and waits only
    /// briefly.</summary>
    /// <returns>The SQLSTATE with which PostgreSQL refused the columns; null when it did not.</returns>
    private async Task<string?> TryAdd(IReadOnlyList<Column> missing, CancellationToken ct)
    {
        try
        {
            await using var connection = await database.OpenConnectionAsync(ct);
            await using var transaction = await connection.BeginTransactionAsync(ct);
            if (!await ShortWait.TryLock(connection, module.ColumnsLock, ct))
                return null;

            var known = (await Read(ct)).Select(column => column.Name).ToHashSet();
            var foreign = await Present(connection, ct);
            Column[] added = [.. missing.Where(column => !known.Contains(column.Name)).Select(column => WithOwnName(column, foreign))];
            if (added.Length == 0)
                return null;

            await using var batch = new NpgsqlBatch(connection);
            batch.BatchCommands.Add(new($"alter table legacy.{module.View} "
                + string.Join(", ", added.Select(column => $"add column if not exists {column.Identifier} {column.SqlType}"))));
            foreach (var column in added)
                batch.BatchCommands.Add(Remember(column));
            await batch.ExecuteNonQueryAsync(ct);
            await transaction.CommitAsync(ct);
            obstacle = null;
        }
        catch (PostgresException e) when (ShortWait.WasTooShort(e))
        {
            if (Interlocked.Exchange(ref obstacle, e.SqlState) != e.SqlState)
                Held(module.View);
        }
        catch (PostgresException e) when (!e.IsTransient)
        {
            if (Interlocked.Exchange(ref obstacle, e.SqlState) != e.SqlState)
                Refused(module.View, e.SqlState);
            return e.SqlState;
        }

        return null;
    }

    private NpgsqlBatchCommand Remember(Column column) => column.Name == Column.NameOf(column.ApiName)
        ? new NpgsqlBatchCommand($"insert into {module.Schema}.columns (api_name, type, field_set) values ($1, $2, $3)")
            .With(column.ApiName, column.Type.ToString(), column.Since)
        : new NpgsqlBatchCommand($"insert into {module.Schema}.other_columns (name, api_name, type, field_set) values ($1, $2, $3, $4)")
            .With(column.Name, column.ApiName, column.Type.ToString(), column.Since);

    /// <summary>When another program has added a column of that name with another type, LeadSync's column gets another name.</summary>
    private static Column WithOwnName(Column column, IReadOnlyDictionary<string, string> foreign) =>
        foreign.TryGetValue(column.Name, out var type) && type != column.SqlType ? column with { Name = $"{column.Name}_zoho" } : column;

    private async Task<IReadOnlyDictionary<string, string>> Present(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand($"""
            select attname::text, case when attgenerated = ''
                then replace(format_type(atttypid, atttypmod), 'timestamp with time zone', 'timestamptz') else 'generated' end
            from pg_attribute where attrelid = 'legacy.{module.View}'::regclass and attnum > 0 and not attisdropped
            """, connection);
        await using var row = await command.ExecuteReaderAsync(ct);
        var present = new Dictionary<string, string>();
        while (await row.ReadAsync(ct))
            present[row.GetString(0)] = row.GetString(1);
        return present;
    }

    public async Task<IReadOnlyList<Column>> Read(CancellationToken ct)
    {
        await using var command = database.CreateCommand($"""
            select api_name, type, null, coalesce(field_set, 0), is_mixed
            from (select * from {module.Schema}.columns order by position) first
            union all
            select api_name, type, name, field_set, true from (select * from {module.Schema}.other_columns order by position) other
            """);
        await using var row = await command.ExecuteReaderAsync(ct);
        var read = new List<Column>();
        while (await row.ReadAsync(ct))
        {
            var (apiName, type) = (row.GetString(0), Enum.Parse<FieldType>(row.GetString(1)));
            read.Add(new(apiName, type, row.GetValue(2) as string ?? Column.NameOf(apiName), row.GetInt32(3), row.GetBoolean(4)));
        }

        return read;
    }

    [LoggerMessage(
        LogLevel.Information, "A reader of legacy.{View} keeps new columns from being added; leads are applied without them meanwhile")]
    private partial void Held(string view);

    [LoggerMessage(
        LogLevel.Error,
        "PostgreSQL refuses the new columns of legacy.{View} ({SqlState}); the projector applies leads without them")]
    private partial void Refused(string view, string sqlState);
}
