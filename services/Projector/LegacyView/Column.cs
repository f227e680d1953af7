using LeadSync.Contracts;

namespace LeadSync.Projector.LegacyView;

/// <summary>A column of the view. A column keeps its name and type, whatever happens to its field in Zoho.</summary>
/// <param name="ApiName">The field's name in events: the spelling that Zoho used when the column was made.</param>
/// <param name="Name">The column's name.</param>
/// <param name="Since">The <see cref="FieldSet.Position"/> of the first field set that had the field.</param>
/// <param name="IsMixed">Whether events may hold values of another type, since the field had or has another type.</param>
internal sealed record Column(string ApiName, FieldType Type, string Name, int Since = 0, bool IsMixed = false)
{
    // PostgreSQL cuts names at 63 bytes. Zoho: names are ASCII, 50 characters at most.
    private const int MaxNameLength = 63;

    // PostgreSQL: every table has columns of these names.
    private static readonly string[] System = ["tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"];

    public Column(string apiName, FieldType type, int since = 0) : this(apiName, type, NameOf(apiName), since)
    {
    }

    public string SqlType => Type.SqlType();

    /// <summary>The name as an SQL identifier.</summary>
    public string Identifier => Quote(Name);

    /// <summary>
    /// The name of a field's column: in lower case, and cut where PostgreSQL would cut it. An underscore follows when every table of
    /// PostgreSQL has a column of that name.
    /// </summary>
    public static string NameOf(string apiName)
    {
        var name = apiName.ToLowerInvariant();
        name = name.Length <= MaxNameLength ? name : name[..MaxNameLength];
        return System.Contains(name) ? $"{name}_" : name;
    }

    public static string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
