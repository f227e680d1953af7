using System.Reflection;
using Npgsql;

namespace LeadSync.ServiceDefaults.Database;

public static class SchemaScript
{
    // A statement that waits for a lock blocks everybody who asks for the lock after it. A migration that waits too long is tried again. A
    // process that is frozen before its commit would keep everybody from the tables.
    private const string Limits = "set local lock_timeout = '40ms'; set local idle_in_transaction_session_timeout = '60s';\n";

    /// <summary>Runs an embedded SQL script in one transaction. The caller holds the <see cref="MigrationLock"/>.</summary>
    /// <param name="script">The script's file name. The script has to be repeatable, and locks nothing that it does not change.
    /// <c>{build}</c> stands for the build of the service.</param>
    /// <exception cref="PostgresException">A transient one when another session held a lock.</exception>
    public static async Task ApplyScript(this NpgsqlDataSource database, Assembly assembly, string script, CancellationToken ct)
    {
        await using var stream = assembly.GetManifestResourceStream(script)
            ?? throw new InvalidOperationException($"{script} is not embedded in {assembly.GetName().Name}");
        using var reader = new StreamReader(stream);

        var build = $"{assembly.ManifestModule.ModuleVersionId}";
        await Run(database, (await reader.ReadToEndAsync(ct)).Replace("{build}", build, StringComparison.Ordinal), ct);
    }

    /// <summary>Adds the columns that earlier versions did not have. <c>add column if not exists</c> would wait for readers of the table,
    /// and everybody else would wait behind it, even when the column is there.</summary>
    /// <exception cref="PostgresException">A transient one when another session held a lock.</exception>
    public static async Task AddColumns(
        this NpgsqlDataSource database, CancellationToken ct, params (string Table, string Name, string Definition)[] columns)
    {
        await using var command = database.CreateCommand("""
            select string_agg(format('alter table %s add column %s %s', c.of, c.name, c.definition), ';')
            from unnest($1::text[], $2::text[], $3::text[]) c(of, name, definition)
            where not exists (select from pg_attribute where attrelid = c.of::regclass and attname = c.name)
            """)
            .With(Array.ConvertAll(columns, column => column.Table), Array.ConvertAll(columns, column => column.Name),
                Array.ConvertAll(columns, column => column.Definition));
        if (await command.ExecuteScalarAsync(ct) is string missing)
            await Run(database, missing, ct);
    }

    /// <summary>
    /// Gives the tables of a schema to the schema's owner. Usually the owner created them. Where the migration has a role of its own
    /// (deploy/postgres/roles.sql), the owner is the role of the services, which has to own tables to add columns to them.
    /// </summary>
    public static async Task GiveTablesToOwnerOf(this NpgsqlDataSource database, string schema, CancellationToken ct)
    {
        await using var command = database.CreateCommand("""
            select coalesce(string_agg(format('alter table %s owner to %I', c.oid::regclass, pg_get_userbyid(n.nspowner)), ';'), 'select')
            from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where n.nspname = $1 and c.relkind in ('r', 'p') and c.relowner <> n.nspowner
            """).With(schema);
        await database.Execute((string)(await command.ExecuteScalarAsync(ct))!, ct);
    }

    /// <summary>
    /// Runs a slow step, which checks every table, only once for each build of a service.
    /// </summary>
    /// <param name="schema">The service's own schema; its table <c>applied</c> remembers the build.</param>
    public static async Task ApplyOnce(
        this NpgsqlDataSource database, string schema, Assembly assembly, Func<Task> apply, CancellationToken ct)
    {
        var build = assembly.ManifestModule.ModuleVersionId;
        await using var read = database.CreateCommand($"select build from {schema}.applied");
        if (await read.ExecuteScalarAsync(ct) is Guid applied && applied == build)
            return;

        await apply();
        await database.Execute(
            $"insert into {schema}.applied (build) values ($1) on conflict (only_row) do update set build = excluded.build", ct, build);
    }

    private static async Task Run(NpgsqlDataSource database, string sql, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await connection.Execute(Limits + sql, ct);
        await transaction.CommitAsync(ct);
    }
}
