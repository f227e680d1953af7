using System.Collections.Concurrent;
using LeadSync.Contracts;
using Npgsql;

namespace LeadSync.Projector.LegacyView;

/// <summary>
/// The columns of <c>legacy.leads</c>. A field set that has not been met before is asked of the gateway, and its new fields become columns;
/// columns never change their type and never vanish under a reader.
/// </summary>
internal sealed class LegacyColumns(NpgsqlDataSource database, GatewayClient gateway)
{
    // One replica at a time changes the table; the key is arbitrary.
    private const string Lock = "select pg_advisory_xact_lock(hashtext('legacy.leads'))";

    private readonly ConcurrentDictionary<string, IReadOnlyList<SyncedField>> fieldSets = new();
    private volatile IReadOnlyList<Column> columns = [];

    /// <summary>Every column that this replica knows of, in the order in which they were added.</summary>
    public IReadOnlyList<Column> All => columns;

    /// <summary>The fields of a field set, by API name (ordinal), with a column for each.</summary>
    public async ValueTask<IReadOnlyList<SyncedField>> For(string fieldSet, CancellationToken ct)
    {
        if (fieldSets.TryGetValue(fieldSet, out var known))
            return known;

        var described = await gateway.ReadFields(ct);
        var fields = await AddColumns(described.Fields, ct);
        fieldSets[described.FieldSet] = fields;
        // Zoho's fields may have changed since the set was made; what is known of it now serves the old one too.
        return fieldSets[fieldSet] = fields;
    }

    /// <summary>The fields of a field set that <see cref="For"/> has been asked for before.</summary>
    public IReadOnlyList<SyncedField> Known(string fieldSet) => fieldSets[fieldSet];

    private async Task<IReadOnlyList<SyncedField>> AddColumns(IReadOnlyList<LeadField> fields, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await Execute(connection, Lock, ct);

        var existing = (await Read(connection, ct)).ToDictionary(column => column.Name);
        foreach (var column in fields.Select(field => new Column(field.ApiName, field.Type)).Where(IsColumn))
        {
            if (!existing.TryAdd(column.Name, column))
                continue;

            await Execute(connection, $"alter table legacy.leads add column if not exists {column.Identifier} {column.SqlType}", ct);
            await using var remember = new NpgsqlCommand("insert into projector.columns (api_name, type) values ($1, $2)", connection)
            {
                Parameters = { new() { Value = column.ApiName }, new() { Value = column.Type.ToString() } },
            };
            await remember.ExecuteNonQueryAsync(ct);
        }

        await transaction.CommitAsync(ct);
        columns = [.. existing.Values];
        return
        [
            .. from field in fields
               where existing.TryGetValue(new Column(field.ApiName, field.Type).Name, out var column) && column.ApiName == field.ApiName
               orderby field.ApiName
               select new SyncedField(field, existing[new Column(field.ApiName, field.Type).Name]),
        ];
    }

    private static bool IsColumn(Column column) =>
        column.Name is not ("id" or "modified_time") && column.Name.Length <= Column.MaxNameLength;

    private static async Task<IReadOnlyList<Column>> Read(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("select api_name, type from projector.columns order by position", connection);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var read = new List<Column>();
        while (await reader.ReadAsync(ct))
            read.Add(new Column(reader.GetString(0), Enum.Parse<FieldType>(reader.GetString(1))));
        return read;
    }

    private static async Task Execute(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(ct);
    }
}
