using System.Security.Cryptography;
using System.Text;
using LeadSync.Contracts;

namespace LeadSync.Gateway.Zoho.Fields;

/// <summary>How one of Zoho's fields is synced.</summary>
/// <param name="Field">The synced field; null when it is not synced.</param>
/// <param name="Reason">Why it is not synced, or what is special about it; null when nothing is.</param>
internal sealed record FieldPlan(FieldDescription Description, LeadField? Field, string? Reason = null)
{
    public DescribedField Described => new(Description.ApiName, Description.Label, Description.DataType, Field?.Type, Reason);
}

/// <summary>Which of Zoho's fields are synced, and how.</summary>
internal static class LeadFieldSelection
{
    // Zoho: neither a bulk read nor a list of records exports these.
    private static readonly HashSet<string> NotExported = new(StringComparer.OrdinalIgnoreCase)
    {
        "subform", "fileupload", "imageupload", "multiselectlookup", "multiuserlookup", "multi_module_lookup", "event_reminder",
    };

    private static readonly HashSet<string> Texts = new(StringComparer.OrdinalIgnoreCase)
    {
        "text", "textarea", "mediumtext", "email", "phone", "website", "picklist", "autonumber", "profileimage",
    };

    // Every lead has these fields. They are read in addition, and have columns of their own.
    private static readonly HashSet<string> Always = new(StringComparer.Ordinal) { "id", "Modified_Time" };

    /// <param name="described">All fields of the module.</param>
    /// <param name="wanted">API names, without regard to case; empty for all.</param>
    public static LeadFields Select(IEnumerable<FieldDescription> described, IReadOnlyList<string> wanted)
    {
        var fields = Plan(described, wanted).Select(plan => plan.Field).OfType<LeadField>().ToList();
        return new LeadFields(Hash(fields), fields);
    }

    /// <summary>How each field is synced, without the fields that every lead has. Takes the parameters of <see cref="Select"/>.</summary>
    public static IReadOnlyList<FieldPlan> Plan(IEnumerable<FieldDescription> described, IReadOnlyList<string> wanted)
    {
        var names = wanted.ToHashSet(StringComparer.OrdinalIgnoreCase);
        return
        [
            .. described.DistinctBy(field => field.ApiName, StringComparer.Ordinal)
                .Where(field => !Always.Contains(field.ApiName))
                .Select(field => PlanOf(field, names.Count == 0 || names.Contains(field.ApiName))),
        ];
    }

    /// <summary>Names that were asked for and cannot be synced.</summary>
    public static IEnumerable<string> Unknown(LeadFields fields, IReadOnlyList<string> wanted) =>
        wanted.Where(name => !Always.Contains(name, StringComparer.OrdinalIgnoreCase))
            .Except(fields.Fields.Select(field => field.ApiName), StringComparer.OrdinalIgnoreCase);

    private static FieldPlan PlanOf(FieldDescription field, bool isWanted)
    {
        if (NotExported.Contains(field.DataType))
            return new FieldPlan(field, null, $"Zoho exports no {field.DataType}");
        if (!isWanted)
            return new FieldPlan(field, null, "Zoho__Fields does not name it");

        var type = TypeOf(field);
        var choices = type == FieldType.Set && field.Choices?.Count > 0 ? field.Choices : null;
        var synced = new LeadField(field.ApiName, type, choices, field.Spellings, DetailOf(field));
        return new FieldPlan(field, synced, Special(field, synced));
    }

    private static string? Special(FieldDescription field, LeadField synced) => (field.DataType.ToLowerInvariant(), synced.Detail) switch
    {
        (_, FieldDetail.RichText) => "read in full by calls of its own; empty until then",
        (_, FieldDetail.Ids) => "the ids of other records, joined with ;",
        ("formula" or "rollup_summary", _) => "its result changes without a new Modified_Time: a full comparison finds that",
        _ when IsUnknown(field) => $"Zoho's type {field.DataType} is not known here",
        _ when synced is { Type: FieldType.Set, Choices: null } && field.ApiName != "Tag" =>
            "Zoho lists no choices: a comma within one is taken as a separator",
        _ => null,
    };

    private static FieldDetail DetailOf(FieldDescription field) => field.DataType.ToLowerInvariant() switch
    {
        "picklist" => FieldDetail.Picklist,
        "territories" => FieldDetail.Ids,
        _ when "rich_text".Equals(field.TextArea, StringComparison.OrdinalIgnoreCase) => FieldDetail.RichText,
        _ => FieldDetail.None,
    };

    private static FieldType TypeOf(FieldDescription field) => field.DataType.ToLowerInvariant() switch
    {
        "formula" or "rollup_summary" => KnownType(field.ReturnType) ?? JsonType(field.JsonType),
        "multiselectpicklist" or "territories" => FieldType.Set,
        _ when field.ApiName == "Tag" || "jsonarray".Equals(field.JsonType, StringComparison.OrdinalIgnoreCase) => FieldType.Set,
        var dataType => KnownType(dataType) ?? JsonType(field.JsonType),
    };

    private static bool IsUnknown(FieldDescription field) =>
        field.DataType.ToLowerInvariant() is not ("multiselectpicklist" or "territories") && KnownType(field.DataType) is null;

    private static FieldType? KnownType(string? dataType) => dataType?.ToLowerInvariant() switch
    {
        "currency" or "double" or "decimal" or "percent" => FieldType.Numeric,
        "integer" or "bigint" or "long" => FieldType.Integer,
        "boolean" => FieldType.Boolean,
        "date" => FieldType.Date,
        "datetime" => FieldType.DateTime,
        "lookup" or "ownerlookup" or "userlookup" or "consent_lookup" or "layout" => FieldType.Reference,
        { } text when Texts.Contains(text) => FieldType.Text,
        _ => null,
    };

    // Types that Zoho may add, and results of formulas whose type Zoho does not state.
    private static FieldType JsonType(string? jsonType) => jsonType?.ToLowerInvariant() switch
    {
        "integer" or "long" => FieldType.Integer,
        "double" => FieldType.Numeric,
        "boolean" => FieldType.Boolean,
        "jsonobject" => FieldType.Reference,
        _ => FieldType.Text,
    };

    private static string Hash(IEnumerable<LeadField> fields)
    {
        var text = new StringBuilder();
        foreach (var field in fields.OrderBy(field => field.ApiName, StringComparer.Ordinal))
        {
            text.Append(field.ApiName).Append('\t').Append(field.Type).Append('\t').AppendJoin('\t', field.Choices ?? []);
            if (field.Detail is not FieldDetail.None)
                text.Append('\t').Append(field.Detail);
            foreach (var (name, shown) in (field.Spellings ?? new Dictionary<string, string?>())
                .OrderBy(spelling => spelling.Key, StringComparer.Ordinal))
                text.Append('\t').Append(name).Append('=').Append(shown);
            text.Append('\n');
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())))[..16];
    }
}
