namespace LeadSync.Contracts;

/// <summary>How a field is synced, and what happens to its column in the view.</summary>
/// <param name="Name">Zoho's API name.</param>
/// <param name="Type">Zoho's type; null for a column whose field is gone.</param>
/// <param name="SyncedAs">Null when the field is not synced.</param>
/// <param name="Column">The type of its present column in the view; null when there is none.</param>
/// <param name="Change">Null when nothing changes, or nothing is synced yet.</param>
/// <param name="Reason">Why the field is not synced, or what is special about it.</param>
/// <param name="Label">The name that people see in Zoho.</param>
public sealed record FieldPreview(
    string Name, string? Type, FieldType? SyncedAs, FieldType? Column, string? Change, string? Reason, string? Label = null)
{
    private const string Emptied = "the column stays, and becomes NULL with the next change of each lead";

    private static readonly Dictionary<string, FieldType> None = [];

    /// <param name="fields">Every field that Zoho describes.</param>
    /// <param name="columns">The types of the view's columns, by API name; null when there is no view, or it cannot be read.</param>
    public static IReadOnlyList<FieldPreview> Of(IReadOnlyList<DescribedField> fields, IReadOnlyDictionary<string, FieldType>? columns)
    {
        var columnOf = fields.ToDictionary(field => field.ApiName, field => NameOf(field, fields, columns ?? None));
        var gone = (columns ?? None).Where(column => !columnOf.ContainsValue(column.Key));
        return
        [
            .. fields.Select(field => Of(field, columnOf[field.ApiName] is { } column ? columns![column] : null, columns is not null)),
            .. gone.Select(column => new FieldPreview(column.Key, null, null, column.Value, Emptied,
                "Zoho no longer has the field, or hides it from this user")),
        ];
    }

    // A field whose name changes its case is still the same field, unless there is one of each name.
    private static string? NameOf(
        DescribedField field, IReadOnlyList<DescribedField> fields, IReadOnlyDictionary<string, FieldType> columns) =>
        columns.ContainsKey(field.ApiName)
            ? field.ApiName
            : columns.Keys.FirstOrDefault(column => column.Equals(field.ApiName, StringComparison.OrdinalIgnoreCase)
                && fields.All(other => other.ApiName != column));

    private static FieldPreview Of(DescribedField field, FieldType? column, bool hasView) => new(
        field.ApiName, field.DataType, field.SyncedAs, column, ChangeOf(field, column, hasView), field.Reason, field.Label);

    private static string? ChangeOf(DescribedField field, FieldType? column, bool hasView) => (field.SyncedAs, column) switch
    {
        ({ } added, null) when hasView => $"new column {added.SqlType()}",
        ({ } now, { } then) when now.SqlType() != then.SqlType() =>
            $"its type: the column stays {then.SqlType()}, where a value that does not fit is NULL; "
                + $"`leadsync retype {field.ApiName}` adds a column {now.SqlType()}",
        (null, { }) => $"no longer synced: {Emptied}",
        _ => null,
    };
}
