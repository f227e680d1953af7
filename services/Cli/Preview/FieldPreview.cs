using LeadSync.Contracts;
using LeadSync.Gateway.Zoho;
using LeadSync.ServiceDefaults;
using Npgsql;
using Spectre.Console;

namespace LeadSync.Cli.Preview;

/// <summary>How a field is synced, and what changes when the sync runs with the present settings.</summary>
/// <param name="Type">Zoho's type; null for a column whose field is gone.</param>
/// <param name="SyncedAs">Null when the field is not synced.</param>
/// <param name="Column">The type of its present column in the view; null when there is none.</param>
/// <param name="Change">Null when nothing changes, or nothing is synced yet.</param>
/// <param name="Reason">Why the field is not synced, or what is special about it.</param>
internal sealed record FieldPreview(string Name, string? Type, FieldType? SyncedAs, FieldType? Column, string? Change, string? Reason)
{
    /// <param name="plans">Every field of Zoho's.</param>
    /// <param name="columns">The types of the view's columns, by API name; null when the view cannot be read.</param>
    public static IReadOnlyList<FieldPreview> Of(IEnumerable<FieldPlan> plans, IReadOnlyDictionary<string, FieldType>? columns)
    {
        var fields = plans.Select(plan => Of(plan, columns)).ToList();
        var gone = (columns ?? new Dictionary<string, FieldType>()).Where(column => fields.All(field => field.Name != column.Key));
        return
        [
            .. fields,
            .. gone.Select(column => new FieldPreview(
                column.Key, null, null, column.Value, "stays as it is",
                    "Zoho does not have it any more, or does not show it to this user")),
        ];
    }

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
            await using var command = source.CreateCommand("select api_name, type from projector.columns");
            await using var reader = await command.ExecuteReaderAsync(ct);
            var columns = new Dictionary<string, FieldType>();
            while (await reader.ReadAsync(ct))
                columns[reader.GetString(0)] = Enum.TryParse<FieldType>(reader.GetString(1), out var type) ? type : FieldType.Text;
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
                new Text(field.Name), new Text(field.Type ?? "–"), new Text(field.SyncedAs is { } type ? SqlType(type) : "–"),
                new Text(field.Change ?? ""), new Text(field.Reason ?? "", new Style(Color.Grey)));
        }

        return table;
    }

    /// <summary>The name of a type for readers of the view.</summary>
    public static string SqlType(FieldType type) => type switch
    {
        FieldType.Numeric => "numeric",
        FieldType.Integer => "bigint",
        FieldType.Boolean => "boolean",
        FieldType.DateTime => "timestamptz",
        FieldType.Date => "date",
        _ => "text",
    };

    private static FieldPreview Of(FieldPlan plan, IReadOnlyDictionary<string, FieldType>? columns)
    {
        var known = columns is not null && columns.TryGetValue(plan.Description.ApiName, out var column) ? column : (FieldType?)null;
        return new FieldPreview(
            plan.Description.ApiName, plan.Description.DataType, plan.Field?.Type, known,
            ChangeOf(plan.Field?.Type, known, columns is not null), plan.Reason);
    }

    private static string? ChangeOf(FieldType? type, FieldType? column, bool hasView) => (type, column) switch
    {
        ({ } added, null) when hasView => $"new column {SqlType(added)}",
        ({ } now, { } then) when SqlType(now) != SqlType(then) =>
            $"its type: the column stays {SqlType(then)}, and values that are no {SqlType(then)} keep what is known",
        (null, { }) => "no longer synced: the column stays as it is",
        _ => null,
    };
}
