using static LeadSync.ServiceDefaults.Database.Statements;
using Npgsql;
using static LeadSync.Cli.Doctor.Diagnoses;
using Connections = LeadSync.ServiceDefaults.Database.PostgresSettings;
using Numbers = LeadSync.ServiceDefaults.Database.Sequences;

namespace LeadSync.Cli.Doctor;

/// <summary>Checks the database: its version, its settings, the rights of the services, and the rights of the view's readers.</summary>
/// <param name="migratesItself">Whether the services upgrade the schema when they start. Otherwise a separate role does.</param>
internal sealed class PostgresChecks(NpgsqlConnectionStringBuilder address, bool migratesItself, Findings findings)
{
    private const int LeastVersion = 15;

    private static readonly Diagnosis[] NeedALogin =
        [PostgresLogin, PostgresVersion, PostgresRights, PostgresSettings, Schema, Readers, LostFields, Pooler, Sequences, Running,
            Versions, Leader, Writable];

    /// <param name="readerRole">The role with which the legacy application reads the view; null when it was not named.</param>
    /// <param name="fields">The fields that the user in Zoho sees; null when they are unknown.</param>
    public async Task Run(bool isRunning, string? readerRole, IReadOnlyList<string>? fields, CancellationToken ct)
    {
        try
        {
            await using var source = Connections.Source(
                new NpgsqlConnectionStringBuilder(address.ConnectionString) { Timeout = 5, CommandTimeout = 10 });
            await using var connection = await source.OpenConnectionAsync(ct);
            findings.Ok(Postgres, $"{address.Host}:{address.Port}");
            findings.Ok(PostgresLogin, $"{connection.UserName} in {connection.Database}");
            JudgeVersion(connection.PostgreSqlVersion, findings);
            await LookAtRights(connection, ct);
            await LookAtSettings(connection, ct);
            var hasTables = await LookAtSchema(connection, isRunning, readerRole, fields, ct);
            await LookForPooler(source, ct);
            await LookAtSequences(source, ct);
            await LookAtServices(connection, isRunning, ct);
            if (hasTables && !findings.IsWrong(PostgresSettings))
                await TryToWrite(source, ct);
            else
                findings.Skip("the findings above come first", Writable);
        }
        catch (PostgresException e) when (findings.IsKnown(PostgresLogin))
        {
            // The login worked, and PostgreSQL refused one of the queries.
            findings.Fail(PostgresRights, $"{e.MessageText} ({e.SqlState})");
        }
        catch (PostgresException e) when (e.SqlState.StartsWith("28", StringComparison.Ordinal) || e.SqlState is "3D000" or "42501")
        {
            findings.Ok(Postgres, $"{address.Host}:{address.Port} answers");
            findings.Fail(PostgresLogin, $"{address.Host}:{address.Port}: {e.MessageText}");
        }
        catch (NpgsqlException e)
        {
            findings.Fail(Postgres, $"{address.Host}:{address.Port}: {e.GetBaseException().Message}");
        }

        findings.Skip("the database does not let us look", NeedALogin);
    }

    public static void JudgeVersion(Version version, Findings findings)
    {
        if (version.Major < LeastVersion)
            findings.Fail(PostgresVersion, $"{version}");
        else
            findings.Ok(PostgresVersion, $"{version}");
    }

    private async Task LookAtRights(NpgsqlConnection connection, CancellationToken ct)
    {
        var row = await Row(connection, """
            select has_database_privilege(current_database(), 'create'),
                (select count(*) from pg_class c join pg_namespace n on n.oid = c.relnamespace
                 where n.nspname in ('legacy', 'projector', 'gateway', 'scheduler', 'parking') and c.relkind = 'r'
                     and not pg_has_role(c.relowner, 'usage')),
                array(select c.oid::regclass::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
                 where n.nspname in ('projector', 'gateway', 'scheduler', 'parking') and c.relkind in ('r', 'p')
                    and not (has_schema_privilege(n.oid, 'usage') and has_table_privilege(c.oid, 'select')
                        and has_table_privilege(c.oid, 'insert')
                        and has_table_privilege(c.oid, 'update') and has_table_privilege(c.oid, 'delete')) order by 1),
                (select count(*) from pg_class c join pg_namespace n on n.oid = c.relnamespace
                 where n.nspname = 'legacy' and c.relkind in ('r', 'p') and not pg_has_role(c.relowner, 'usage'))
            """, [], ct);
        var (create, foreign, closed, foreignView) = ((bool)row[0]!, (long)row[1]!, (string[])row[2]!, (long)row[3]!);
        if (!migratesItself)
        {
            // deploy/postgres/roles.sql: the migrator owns the tables; the services read and write them, and own the view.
            if (closed.Length > 0)
                findings.Fail(PostgresRights, $"{connection.UserName} may not read and write {string.Join(", ", closed.Take(3))}"
                    + (closed.Length > 3 ? $" and {closed.Length - 3} more" : ""));
            else if (foreignView > 0)
                findings.Fail(PostgresRights, $"{foreignView} tables of the view belong to another role than {connection.UserName}, "
                    + "which has to add columns to them");
            else
                findings.Ok(PostgresRights, $"{connection.UserName} reads and writes what `migrate` creates, and owns the view");
        }
        else if (!create)
            findings.Fail(PostgresRights, $"{connection.UserName} may not create schemas in {connection.Database}");
        else if (foreign > 0)
            findings.Fail(PostgresRights, $"{foreign} of LeadSync's tables belong to another role than {connection.UserName}");
        else
            findings.Ok(PostgresRights, $"{connection.UserName} may create, and owns what was created");
    }

    private async Task LookAtSettings(NpgsqlConnection connection, CancellationToken ct)
    {
        var row = await Row(connection, """
            select current_setting('server_encoding'), pg_is_in_recovery() or current_setting('default_transaction_read_only') = 'on',
                current_setting('synchronous_commit'), 
                (select 'lz4' = any(enumvals) from pg_settings where name = 'default_toast_compression')
            """, [], ct);
        if (row[0] is not "UTF8")
            findings.Fail(PostgresSettings, $"the encoding is {row[0]}");
        else if (row[1] is true)
            findings.Fail(PostgresSettings, "it is read-only");
        else if (row[3] is not true)
            findings.Fail(PostgresSettings, "it was built without lz4, with which the services compress");
        else if (row[2] is "off")
            findings.Warn(PostgresSettings, "synchronous_commit is off");
        else
            findings.Ok(PostgresSettings, $"UTF-8, writable, synchronous_commit {row[2]}");
    }

    /// <returns>Whether the tables are there, and the services may use them.</returns>
    private async Task<bool> LookAtSchema(
        NpgsqlConnection connection, bool isRunning, string? readerRole, IReadOnlyList<string>? fields, CancellationToken ct)
    {
        var missing = (string[])(await Row(connection, """
            select array(select t from unnest(array[
                    'legacy.leads', 'legacy.deleted_leads', 'legacy.sync_status', 'gateway.channel', 'projector.leads']) t
                where not exists (
                    select from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname || '.' || c.relname = t))
            """, [], ct))[0]!;
        if (missing.Length == 0)
            findings.Ok(Schema, "there");
        else if (isRunning)
            findings.Fail(Schema, $"there is no {string.Join(", ", missing)}");
        else
            findings.Skip("nothing has run yet", Schema);

        if (missing.Length > 0 || findings.IsWrong(PostgresRights))
        {
            findings.Skip(missing.Length > 0 ? "there is no view yet" : $"{PostgresRights.Code} comes first", Readers, LostFields);
            return false;
        }

        if (readerRole is null)
            findings.Skip("name the role with --reader-role", Readers);
        else
            await LookAtReader(connection, readerRole, ct);
        if (fields is null)
            findings.Skip("Zoho's fields are not known", LostFields);
        else
            await LookForLostFields(connection, fields, ct);
        return true;
    }

    // SQL does not show how much space is left on the disk. A row that needs new blocks does not fit on a full one. After that failure,
    // Npgsql closes the connection.
    private async Task TryToWrite(NpgsqlDataSource source, CancellationToken ct)
    {
        try
        {
            await using var connection = await source.OpenConnectionAsync(ct);
            await using var transaction = await connection.BeginTransactionAsync(ct);
            await using var command = new NpgsqlCommand("""
                insert into parking.parked (service, kind, key, origin, reason, content)
                select 'doctor', 'trial', gen_random_uuid()::text, 'doctor', 'taken back',
                    string_agg(sha256(convert_to(i::text, 'UTF8')), ''::bytea)
                from generate_series(1, 8192) i;
                """, connection);
            await command.ExecuteNonQueryAsync(ct);
            await transaction.RollbackAsync(ct);
            var size = (await Row(connection, "select pg_size_pretty(pg_database_size(current_database()))", [], ct))[0];
            findings.Ok(Writable, $"the database has {size}");
        }
        catch (PostgresException e)
        {
            findings.Fail(Writable, $"{e.MessageText} ({e.SqlState})");
        }
    }

    // In transaction mode, a pooler gives a session to any client that begins a transaction, so session state moves between clients.
    private async Task LookForPooler(NpgsqlDataSource source, CancellationToken ct)
    {
        if (await Connections.KeepsSessions(source, ct))
            findings.Ok(Pooler, "a connection keeps its session");
        else
            findings.Fail(Pooler, "a connection does not keep its session");
    }

    private async Task LookAtSequences(NpgsqlDataSource source, CancellationToken ct)
    {
        if (await Numbers.Lagging(source, ct) is { Count: > 0 } lagging)
            findings.Fail(Sequences, $"behind the numbers in their tables: {string.Join(", ", lagging)}");
        else
            findings.Ok(Sequences, "ahead of the numbers in their tables");
    }

    private async Task LookAtServices(NpgsqlConnection connection, bool isRunning, CancellationToken ct)
    {
        if (!isRunning || findings.IsWrong(Schema, PostgresRights))
        {
            findings.Skip(isRunning ? "the schema comes first" : "nothing runs yet", Running, Versions, Leader);
            return;
        }

        var row = await Row(connection, """
            select array(select s from unnest(array['gateway', 'projector', 'scheduler']) s
                    where not exists (select from parking.running where service = s and seen_at > now() - interval '30 s')),
                array(select distinct service || ' ' || version from parking.running where seen_at > now() - interval '30 s' order by 1),
                (select count(distinct version) from parking.running where seen_at > now() - interval '30 s'),
                exists (select from pg_stat_activity where datname = current_database() and application_name = 'leadsync-leader'),
                (select extract(epoch from now() - ticked_at)::float8 from scheduler.leader),
                array(select service || ' on ' || host || ': ' || replace(not_ready, chr(10), '; ') from parking.running
                    where seen_at > now() - interval '30 s' and started_at < now() - interval '1 min' and not_ready is not null
                    order by 1)
            """, [], ct);
        var (missing, running, versions, session, tick, notReady) =
            ((string[])row[0]!, (string[])row[1]!, (long)row[2]!, (bool)row[3]!, row[4] as double?, (string[])row[5]!);
        if (notReady.Length > 0)
            findings.Fail(Ready, string.Join(". ", notReady.Select(trouble => $"the {trouble}")));
        if (missing.Length > 0)
            findings.Fail(Running, $"no {string.Join(", no ", missing)} has sent a heartbeat for half a minute");
        else
            findings.Ok(Running, "all of them");
        if (versions > 1)
            findings.Warn(Versions, string.Join(", ", running));
        else
            findings.Ok(Versions, string.Join(", ", running));
        if (tick is null || tick > 60)
            findings.Fail(Leader, tick is null ? "none ever led"
                : $"the last step was taken {tick:N0} s ago{(session ? ": the leading scheduler hangs" : "")}");
        else
            findings.Ok(Leader, $"its last step was {Math.Max(tick.Value, 0):N0} s ago");
    }

    private async Task LookAtReader(NpgsqlConnection connection, string role, CancellationToken ct)
    {
        if ((await Row(connection, "select count(*) from pg_roles where rolname = $1", [role], ct))[0] is 0L)
        {
            findings.Fail(Readers, $"there is no role {role}");
            return;
        }

        var unreadable = (string[])(await Row(connection, """
            select array(
                select t from unnest(array['legacy.leads', 'legacy.deleted_leads', 'legacy.sync_status',
                    'legacy.lead_changes', 'legacy.lead_columns', 'legacy.users', 'legacy.leads_named']) t
                where to_regclass(t) is not null
                    and (not has_schema_privilege($1, 'legacy', 'usage') or not has_table_privilege($1, t, 'select')))
            """, [role], ct))[0]!;
        if (unreadable.Length > 0)
            findings.Fail(Readers, $"{role} may not read {string.Join(", ", unreadable)}");
        else
            findings.Ok(Readers, $"{role} may read all of them");
    }

    private async Task LookForLostFields(NpgsqlConnection connection, IReadOnlyList<string> fields, CancellationToken ct)
    {
        var lost = (string[])(await Row(
            connection, "select array(select api_name from projector.columns where not api_name = any($1) order by 1)",
            [fields.ToArray()], ct))[0]!;
        if (lost.Length > 0)
            findings.Warn(LostFields, $"no longer to be seen: {string.Join(", ", lost)}");
        else
            findings.Ok(LostFields, "all are still there");
    }

    private static async Task<object?[]> Row(NpgsqlConnection connection, string sql, object[] parameters, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection).With(parameters);
        await using var reader = await command.ExecuteReaderAsync(ct);
        await reader.ReadAsync(ct);
        return [.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetValue)];
    }
}
