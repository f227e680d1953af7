using System.Security.Cryptography;
using System.Text;
using LeadSync.Contracts;

namespace LeadSync.Gateway.Zoho;

/// <summary>Which of Zoho's fields are synced, and as what.</summary>
internal static class LeadFieldSelection
{
    // Zoho: neither a bulk read nor a list of records exports these.
    private static readonly HashSet<string> NotExported = new(StringComparer.OrdinalIgnoreCase)
    {
        "subform", "fileupload", "imageupload", "multiselectlookup", "multiuserlookup", "multi_module_lookup", "event_reminder",
    };

    // Every lead has them; they are read in addition and have columns of their own.
    private static readonly HashSet<string> Always = new(StringComparer.OrdinalIgnoreCase) { "id", "Modified_Time" };

    /// <param name="described">All fields of the module.</param>
    /// <param name="wanted">API names, without regard to case; empty for all.</param>
    public static LeadFields Select(IEnumerable<FieldDescription> described, IReadOnlyList<string> wanted)
    {
        var names = wanted.ToHashSet(StringComparer.OrdinalIgnoreCase);
        var fields = described
            .Where(field => !Always.Contains(field.ApiName) && !NotExported.Contains(field.DataType))
            .Where(field => names.Count == 0 || names.Contains(field.ApiName))
            .DistinctBy(field => field.ApiName, StringComparer.OrdinalIgnoreCase)
            .Select(field => new LeadField(field.ApiName, TypeOf(field), TypeOf(field) == FieldType.Set && field.Choices?.Count > 0 ? field.Choices : null))
            .ToList();
        return new LeadFields(Hash(fields), fields);
    }

    /// <summary>Names that were asked for and cannot be synced.</summary>
    public static IEnumerable<string> Unknown(LeadFields fields, IReadOnlyList<string> wanted) =>
        wanted.Where(name => !Always.Contains(name))
            .Except(fields.Fields.Select(field => field.ApiName), StringComparer.OrdinalIgnoreCase);

    private static FieldType TypeOf(FieldDescription field) => field.DataType.ToLowerInvariant() switch
    {
        "formula" or "rollup_summary" => TypeOf(field.ReturnType),
        "multiselectpicklist" => FieldType.Set,
        _ when field.ApiName == "Tag" || "jsonarray".Equals(field.JsonType, StringComparison.OrdinalIgnoreCase) => FieldType.Set,
        var dataType => TypeOf(dataType),
    };

    private static FieldType TypeOf(string? dataType) => dataType?.ToLowerInvariant() switch
    {
        "currency" or "double" or "decimal" or "percent" => FieldType.Numeric,
        "integer" or "bigint" => FieldType.Integer,
        "boolean" => FieldType.Boolean,
        "date" => FieldType.Date,
        "datetime" => FieldType.DateTime,
        "lookup" or "ownerlookup" or "userlookup" => FieldType.Reference,
        _ => FieldType.Text,
    };

    private static string Hash(IEnumerable<LeadField> fields)
    {
        var text = new StringBuilder();
        foreach (var field in fields.OrderBy(field => field.ApiName, StringComparer.Ordinal))
            text.Append(field.ApiName).Append('\t').Append(field.Type).Append('\t').AppendJoin('\t', field.Choices ?? []).Append('\n');
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())))[..16];
    }
}
