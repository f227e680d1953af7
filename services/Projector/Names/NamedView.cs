using LeadSync.Contracts;
using LeadSync.Projector.LegacyView;

namespace LeadSync.Projector.Names;

/// <summary>
/// The statements that create <c>legacy.leads_named</c>: <c>legacy.leads</c> with a column for the name of each user. A column keeps its
/// meaning, whatever fields Zoho gets later.
/// </summary>
internal static class NamedView
{
    // PostgreSQL cuts names at 63 bytes.
    private const int LongestName = 63;

    /// <summary>A column of the view, and its source.</summary>
    /// <param name="Source">The column of <c>legacy.leads</c> that it shows, or whose user it names.</param>
    internal readonly record struct NamedColumn(string Name, string Source, bool IsOfUser)
    {
        /// <summary>Whether its name alone does not say what it shows.</summary>
        public bool IsToBeRemembered => IsOfUser || Name != Source;
    }

    /// <param name="columns">The columns of <c>legacy.leads</c> after its own two, in their order.</param>
    /// <param name="fields">How Zoho describes the fields.</param>
    /// <param name="present">The columns that the view already has. PostgreSQL lets a view only get more columns, at its end.</param>
    /// <param name="remembered">Those of the present columns that are <see cref="NamedColumn.IsToBeRemembered"/>.</param>
    public static IReadOnlyList<NamedColumn> Columns(
        IReadOnlyList<Column> columns, IReadOnlyList<DescribedField> fields, IReadOnlyList<string> present,
        IReadOnlyList<NamedColumn> remembered)
    {
        var users = fields.Where(field => field.DataType.ToLowerInvariant() is "ownerlookup" or "userlookup")
            .Select(field => field.ApiName).ToHashSet(StringComparer.OrdinalIgnoreCase);
        List<NamedColumn> all = [.. present.Select(name => remembered.Where(column => column.Name == name)
            .DefaultIfEmpty(new(name, name, IsOfUser: false)).First())];
        string[] own = ["id", "modified_time", .. columns.Select(column => column.Name)];
        foreach (var name in own.Take(2))
            Add(name, isOfUser: false, [name]);
        foreach (var column in columns)
        {
            Add(column.Name, isOfUser: false, [column.Name, Cut(column.Name, "_zoho")]);
            if (column.SqlType == "text" && users.Contains(column.ApiName))
                Add(column.Name, isOfUser: true, [Cut(column.Name, "_name"), Cut(column.Name, "_user_name")]);
        }

        return all;

        void Add(string source, bool isOfUser, string[] names)
        {
            if (all.Exists(column => (column.Source, column.IsOfUser) == (source, isOfUser)))
                return;

            var free = names.Concat(Enumerable.Range(2, LongestName).Select(number => Cut(names[^1], $"_{number}")))
                .First(name => !all.Exists(column => column.Name == name) && (name == source || !own.Contains(name)));
            all.Add(new(free, source, isOfUser));
        }
    }

    public static string Sql(IReadOnlyList<NamedColumn> columns)
    {
        var values = columns.Select(column => (column.IsOfUser
            ? $"(select u.full_name from legacy.users u where u.id = l.{Column.Quote(column.Source)})"
            : $"l.{Column.Quote(column.Source)}") + $" as {Column.Quote(column.Name)}");
        // The rights and the row policies of whoever reads the view hold.
        return "create or replace view legacy.leads_named with (security_invoker = true) as "
            + $"select {string.Join(", ", values)} from legacy.leads l";
    }

    private static string Cut(string column, string ending) => $"{column[..Math.Min(column.Length, LongestName - ending.Length)]}{ending}";
}
