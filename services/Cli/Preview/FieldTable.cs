using LeadSync.Contracts;
using LeadSync.ServiceDefaults.Database;
using Npgsql;
using Spectre.Console;

namespace LeadSync.Cli.Preview;

/// <summary>The fields of a preview: reads the present columns, and shows the table.</summary>
internal static class FieldTable
{
    /// <summary>The columns of the view; null when there is no view, or it cannot be read.</summary>
    /// <param name="connectionString">Null when none is configured.</param>
    public static async Task<IReadOnlyDictionary<string, FieldType>?> Columns(string? connectionString, CancellationToken ct)
    {
        if (connectionString is null)
            return null;

        try
        {
            await using var source = PostgresSettings.Source(
                new NpgsqlConnectionStringBuilder(connectionString) { Timeout = 5, CommandTimeout = 10 });
            await using var command = source.CreateCommand("select api_name, type from projector.synced_fields");
            await using var reader = await command.ExecuteReaderAsync(ct);
            var columns = new Dictionary<string, FieldType>();
            while (await reader.ReadAsync(ct))
                columns[reader.GetString(0)] = ColumnTypes.Named(reader.GetString(1));
            return columns.Count > 0 ? columns : null;
        }
        catch (Exception e) when (e is NpgsqlException or ArgumentException)
        {
            return null;
        }
    }

    public static Table Picture(IReadOnlyList<FieldPreview> fields)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("field", "Zoho's type", "synced as", "changes", "");
        foreach (var field in fields.OrderBy(field => field.Change is null).ThenBy(field => field.SyncedAs is null))
        {
            table.AddRow(
                new Text(field.Name), new Text(field.Type ?? "–"), new Text(field.SyncedAs?.SqlType() ?? "–"),
                new Text(field.Change ?? ""), new Text(field.Reason ?? "", new Style(Color.Grey)));
        }

        return table;
    }
}
