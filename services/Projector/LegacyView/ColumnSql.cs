namespace LeadSync.Projector.LegacyView;

/// <summary>SQL lists of the view's field columns, all columns but <c>id</c> and <c>modified_time</c>.</summary>
internal static class ColumnSql
{
    /// <summary>SQL: the columns' names, each with a comma before it.</summary>
    public static string NamesSql(this IReadOnlyList<Column> columns) => string.Concat(columns.Select(column => $", {column.Identifier}"));

    /// <summary>
    /// SQL: the columns' values in the row that <see cref="RecordSql"/> joins, each with a comma before it. A value that does not fit its
    /// column becomes null.
    /// </summary>
    public static string ValuesSql(this IReadOnlyList<Column> columns) => string.Concat(columns.Select(column =>
        column.IsMixed && column.SqlType != "text" ? $", projector.as_{column.SqlType}(r.{Key(column)})" : $", r.{Key(column)}"));

    /// <summary>SQL: assigns to each column its value in the row that was to be inserted.</summary>
    public static string ReplacementsSql(this IReadOnlyList<Column> columns) =>
        string.Concat(columns.Select(column => $", {column.Identifier} = excluded.{column.Identifier}"));

    /// <summary>SQL: the table and the columns that a first load copies.</summary>
    public static string CopyTargetSql(this Module module, IReadOnlyList<Column> columns) =>
        $"legacy.{module.View} (id, modified_time{columns.NamesSql()})";

    /// <summary>
    /// SQL: joins the row <c>r</c> of an event's fields, with the types of the columns. The record is unpacked once, since a
    /// <c>-&gt;&gt;</c> for each field is 13 times slower.
    /// </summary>
    /// <param name="fields">An expression: the event's <c>Fields</c>, jsonb.</param>
    public static string RecordSql(this IReadOnlyList<Column> columns, string fields)
    {
        var types = columns.GroupBy(column => column.ApiName, StringComparer.Ordinal)
            .Select(field => $"{Key(field.First())} {(field.Any(column => column.IsMixed) ? "text" : field.First().SqlType)}");
        return columns.Count == 0 ? "" : $"cross join lateral jsonb_to_record({fields}) as r({string.Join(", ", types)})";
    }

    private static string Key(Column column) => Column.Quote(column.ApiName);
}
