using LeadSync.Contracts;
using LeadSync.Projector.LegacyView;
using LeadSync.ServiceDefaults.Database;
using LeadSync.ServiceDefaults.Shutdown;
using Npgsql;

namespace LeadSync.Projector.Names;

/// <summary>
/// Keeps <c>legacy.users</c>, <c>legacy.leads_named</c>, the columns' comments and the console's list of fields true to Zoho. Reads Zoho's
/// dictionary once an hour, and when the view gets a column or Zoho's fields have changed. Nothing waits for it. When Zoho does not answer,
/// everything stays as it was.
/// </summary>
internal sealed partial class Dictionary(
    NpgsqlDataSource database, GatewayClient gateway, LegacyColumns legacy, Module module, TimeProvider clock, ILogger<Dictionary> log)
    : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan PauseAfterTrouble = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    private IReadOnlyList<Column> explained = [];
    private long explainedRevision;
    private (long Revision, LeadDictionary Dictionary)? unwritten;
    private DateTimeOffset readAt;

    /// <summary>Writes what a dictionary says.</summary>
    /// <returns>False when a reader or another replica held a lock, and nothing is written.</returns>
    public async Task<bool> Write(LeadDictionary dictionary, IReadOnlyList<Column> columns, CancellationToken ct)
    {
        // Each part has a transaction of its own: a view that cannot be changed must not stop the users and comments.
        var isKnown = await InTurn(async connection =>
        {
            if (dictionary.AreUsersKnown)
                await WriteUsers(connection, dictionary.Users, ct);
            // A gateway of an earlier version does not say how fields are synced.
            if (dictionary.Fields.Any(field => field.SyncedAs is not null))
                await WriteFields(connection, dictionary.Fields, ct);
        }, ct);
        var isExplained = await InTurn(async connection =>
        {
            foreach (var statement in await Comments(connection, dictionary.Fields, columns, ct))
                await connection.Execute(statement, ct);
        }, ct);
        return await InTurn(connection => WriteView(connection, dictionary.Fields, columns, ct), ct) && isKnown && isExplained;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            var pause = Pause;
            try
            {
                var revision = await Revision(stoppingToken);
                var columns = await legacy.Read(stoppingToken);
                if (columns.Count > 0
                    && (revision != explainedRevision || !columns.SequenceEqual(explained) || clock.GetUtcNow() - readAt > Interval))
                {
                    // A dictionary that could not be written is kept: reading it again costs credits.
                    unwritten ??= await gateway.ReadDictionary(stoppingToken) is { } read ? (revision, read) : null;
                    if (unwritten is { } known && await Write(known.Dictionary, columns, stoppingToken))
                        (explained, explainedRevision, readAt, unwritten) = (columns, known.Revision, clock.GetUtcNow(), null);
                    else
                        pause = PauseAfterTrouble;
                }
            }
            catch (Exception e) when (!e.IsRequestedEnd(stoppingToken))
            {
                NotWritten(e.GetType().Name);
                pause = PauseAfterTrouble;
            }

            await Task.Delay(pause, clock, stoppingToken);
        }
    }

    /// <returns>False when a reader or another replica held a lock, and nothing is written.</returns>
    private async Task<bool> InTurn(Func<NpgsqlConnection, Task> write, CancellationToken ct)
    {
        try
        {
            await using var connection = await database.OpenConnectionAsync(ct);
            await using var transaction = await connection.BeginTransactionAsync(ct);
            if (!await ShortWait.TryLock(connection, "legacy.leads_named", ct))
                return false;

            await write(connection);
            await transaction.CommitAsync(ct);
            return true;
        }
        catch (PostgresException e) when (ShortWait.WasTooShort(e))
        {
            return false;
        }
    }

    private static async Task WriteView(
        NpgsqlConnection connection, IReadOnlyList<DescribedField> fields, IReadOnlyList<Column> columns, CancellationToken ct)
    {
        var present = await Columns(connection, "legacy.leads_named", ct);
        var named = NamedView.Columns(
            columns, fields, [.. present.Select(column => column.Name)], await Remembered(connection, ct));
        if (named.Count == present.Count)
            return;

        await connection.Execute(NamedView.Sql(named), ct);
        NamedView.NamedColumn[] unclear = [.. named.Where(column => column.IsToBeRemembered)];
        await connection.Execute(
            """
            insert into projector.named_columns (name, source, is_of_user) select * from unnest($1::text[], $2::text[], $3::boolean[])
            on conflict do nothing
            """,
            ct, Array.ConvertAll(unclear, column => column.Name), Array.ConvertAll(unclear, column => column.Source),
            Array.ConvertAll(unclear, column => column.IsOfUser));
    }

    private static async Task<IReadOnlyList<NamedView.NamedColumn>> Remembered(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("select name, source, is_of_user from projector.named_columns", connection);
        await using var row = await command.ExecuteReaderAsync(ct);
        var columns = new List<NamedView.NamedColumn>();
        while (await row.ReadAsync(ct))
            columns.Add(new(row.GetString(0), row.GetString(1), row.GetBoolean(2)));
        return columns;
    }

    private static Task WriteUsers(NpgsqlConnection connection, IReadOnlyList<CrmUser> users, CancellationToken ct)
    {
        string?[] Each(Func<CrmUser, string?> value) => [.. users.Select(value)];
        return connection.Execute(
            """
            with said as (
                select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::boolean[])
                    s(id, full_name, email, role, profile, active)),
            gone as (delete from legacy.users where id <> all($1))
            insert into legacy.users as known (id, full_name, email, role, profile, active) select * from said
            on conflict (id) do update set full_name = excluded.full_name, email = excluded.email, role = excluded.role,
                profile = excluded.profile, active = excluded.active
            where known is distinct from excluded
            """,
            ct, Each(user => user.Id), Each(user => user.FullName), Each(user => user.Email), Each(user => user.Role),
            Each(user => user.Profile), users.Select(user => user.Active).ToArray());
    }

    private static Task WriteFields(NpgsqlConnection connection, IReadOnlyList<DescribedField> fields, CancellationToken ct)
    {
        string?[] Each(Func<DescribedField, string?> value) => [.. fields.Select(value)];
        return connection.Execute(
            """
            with gone as (delete from projector.described_fields where api_name <> all($1))
            insert into projector.described_fields (api_name, label, data_type, synced_as, reason, position)
            select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[]) with ordinality
            on conflict (api_name) do update set label = excluded.label, data_type = excluded.data_type, synced_as = excluded.synced_as,
                reason = excluded.reason, position = excluded.position, read_at = excluded.read_at
            """,
            ct, Each(field => field.ApiName), Each(field => field.Label), Each(field => field.DataType),
            Each(field => field.SyncedAs?.ToString()), Each(field => field.Reason));
    }

    private async Task<long> Revision(CancellationToken ct)
    {
        await using var command = database.CreateCommand($"select {legacy.RevisionSql}");
        return (long)(await command.ExecuteScalarAsync(ct))!;
    }

    /// <summary>The statements that write comments. A comment that somebody else wrote stays.</summary>
    private async Task<IReadOnlyList<string>> Comments(
        NpgsqlConnection connection, IReadOnlyList<DescribedField> fields, IReadOnlyList<Column> columns, CancellationToken ct)
    {
        var present = (await Columns(connection, $"legacy.{module.View}", ct))
            .ToDictionary(column => column.Name, column => column.Comment, StringComparer.Ordinal);
        return
        [
            .. from column in columns
               let field = fields.Where(field => field.ApiName.Equals(column.ApiName, StringComparison.OrdinalIgnoreCase))
                   .MaxBy(field => field.ApiName == column.ApiName)
               where field is not null && present.ContainsKey(column.Name)
               let comment = Comment(field)
               let before = present[column.Name]
               where before != comment && (before is null || before.EndsWith(Ending, StringComparison.Ordinal))
               select $"comment on column legacy.{module.View}.{column.Identifier} is "
                   + $"'{comment.Replace("'", "''", StringComparison.Ordinal)}'",
        ];
    }

    private const string Ending = " in Zoho)";

    private static string Comment(DescribedField field) => $"{field.Label ?? field.ApiName} ({field.ApiName}, {field.DataType}{Ending}";

    private static async Task<IReadOnlyList<(string Name, string? Comment)>> Columns(
        NpgsqlConnection connection, string relation, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("""
            select attname::text, col_description(attrelid, attnum) from pg_attribute
            where attrelid = to_regclass($1) and attnum > 0 and not attisdropped order by attnum
            """, connection).With(relation);
        await using var row = await command.ExecuteReaderAsync(ct);
        var columns = new List<(string, string?)>();
        while (await row.ReadAsync(ct))
            columns.Add((row.GetString(0), row.GetValue(1) as string));
        return columns;
    }

    [LoggerMessage(
        LogLevel.Warning,
        "The projector could not write users' names and columns' comments, and tries again in half a minute: {Failure}")]
    private partial void NotWritten(string failure);
}
