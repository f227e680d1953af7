using LeadSync.Contracts;
using LeadSync.Projector.LegacyView;

namespace LeadSync.Projector.Names;

/// <summary>The statements that create <c>legacy.leads_named</c>: <c>legacy.leads</c> with a column for the name of each user.</summary>
internal static class NamedView
{
    // PostgreSQL cuts names at 63 bytes.
    private const int LongestName = 63;

    /// <summary>A column of the view, and its source.</summary>
    /// <param name="User">The column of <c>legacy.leads</c> whose user is named; null for a column of <c>legacy.leads</c> itself.</param>
    internal readonly record struct NamedColumn(string Name, string? User);

    /// <param name="columns">The columns of <c>legacy.leads</c> after its own two, in their order.</param>
    /// <param name="fields">How Zoho describes the fields.</param>
    /// <param name="present">The columns that the view already has. PostgreSQL lets a view only get more columns, at its end.</param>
    public static IReadOnlyList<NamedColumn> Columns(
        IReadOnlyList<Column> columns, IReadOnlyList<DescribedField> fields, IReadOnlyList<string> present)
    {
        var users = fields.Where(field => field.DataType.ToLowerInvariant() is "ownerlookup" or "userlookup")
            .Select(field => field.ApiName).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var taken = columns.Select(column => column.Name).Append("id").Append("modified_time").ToHashSet(StringComparer.Ordinal);
        var wanted = new List<NamedColumn> { new("id", null), new("modified_time", null) };
        foreach (var column in columns)
        {
            wanted.Add(new(column.Name, null));
            if (column.SqlType == "text" && users.Contains(column.ApiName))
                wanted.Add(new(NameOf(column.Name, taken), column.Name));
        }

        var known = wanted.ToDictionary(column => column.Name, StringComparer.Ordinal);
        // A column with users' names keeps them, even after Zoho has changed the field's type.
        var formerly = columns.DistinctBy(column => NameOf(column.Name, taken))
            .ToDictionary(column => NameOf(column.Name, taken), column => column.Name, StringComparer.Ordinal);
        var kept = present.Select(name => known.TryGetValue(name, out var column) ? column : new(name, formerly.GetValueOrDefault(name)));
        return [.. kept, .. wanted.Where(column => !present.Contains(column.Name))];
    }

    public static string Sql(IReadOnlyList<NamedColumn> columns)
    {
        var values = columns.Select(column => column.User is { } user
            ? $"(select u.full_name from legacy.users u where u.id = l.{Column.Quote(user)}) as {Column.Quote(column.Name)}"
            : $"l.{Column.Quote(column.Name)}");
        return $"create or replace view legacy.leads_named as select {string.Join(", ", values)} from legacy.leads l";
    }

    private static string NameOf(string column, HashSet<string> taken)
    {
        var name = Cut(column, "_name");
        return taken.Contains(name) ? Cut(column, "_user_name") : name;
    }

    private static string Cut(string column, string ending) => $"{column[..Math.Min(column.Length, LongestName - ending.Length)]}{ending}";
}
