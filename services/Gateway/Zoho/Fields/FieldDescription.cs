using System.Text.Json;
using LeadSync.Gateway.Zoho.Calls;

namespace LeadSync.Gateway.Zoho.Fields;

/// <summary>A field as Zoho's metadata describes it.</summary>
/// <param name="DataType">Zoho's name; new ones may appear.</param>
/// <param name="JsonType">Zoho's name of the JSON type of its values.</param>
/// <param name="ReturnType">The data type of the result of a formula or a roll-up.</param>
/// <param name="Choices">Every spelling of every choice of a picklist.</param>
/// <param name="Spellings">The displayed name of each other spelling of a picklist's choice; null for a spelling that stands for two
/// choices.</param>
/// <param name="TextArea">The kind of a text area: <c>small</c>, <c>large</c> or <c>rich_text</c>.</param>
/// <param name="Label">The name that people see in Zoho.</param>
internal sealed record FieldDescription(
    string ApiName,
    string DataType,
    string? JsonType = null,
    string? ReturnType = null,
    IReadOnlyList<string>? Choices = null,
    IReadOnlyDictionary<string, string?>? Spellings = null,
    string? TextArea = null,
    string? Label = null)
{
    /// <summary>The fields that an answer of <c>settings/fields</c> describes.</summary>
    public static IReadOnlyList<FieldDescription> All(JsonElement? answer) =>
        [.. (answer?.Items("fields") ?? []).Select(Of).OfType<FieldDescription>()];

    private static FieldDescription? Of(JsonElement field)
    {
        if (field.Text("api_name") is not { Length: > 0 } apiName)
            return null;

        var dataType = field.Text("data_type") ?? "";
        var options = field.Items("pick_list_values").Select(Option).Where(option => option.Shown is not (null or "-None-")).ToList();
        return new FieldDescription(
            apiName,
            dataType,
            field.Text("json_type"),
            // Zoho: a field has both of these objects, and the one that does not apply is empty.
            field.Get(dataType == "rollup_summary" ? "rollup_summary" : "formula")?.Text("return_type"),
            [.. options.SelectMany(option => option.Stored.Append(option.Shown!)).Distinct()],
            SpellingsOf(options),
            field.Get("textarea")?.Text("type"),
            field.Text("field_label"));
    }

    // Zoho: the names differ where a choice was renamed or translated. Zoho does not say which of them an answer or an export writes.
    private static (string? Shown, IReadOnlyList<string> Stored) Option(JsonElement choice)
    {
        var names = new[] { choice.Text("display_value"), choice.Text("actual_value"), choice.Text("reference_value") }
            .Select(name => name?.Trim()).Where(name => name?.Length > 0).Distinct().ToList();
        return (names.FirstOrDefault(), [.. names.Skip(1)!]);
    }

    private static Dictionary<string, string?>? SpellingsOf(IReadOnlyList<(string? Shown, IReadOnlyList<string> Stored)> options)
    {
        var shown = options.Select(option => option.Shown).ToHashSet();
        var spellings = options
            .SelectMany(option => option.Stored.Select(name => (Name: name, option.Shown)))
            .GroupBy(spelling => spelling.Name, spelling => spelling.Shown)
            .ToDictionary(
                spelling => spelling.Key,
                spelling => shown.Contains(spelling.Key) || spelling.Distinct().Skip(1).Any() ? null : spelling.First());
        return spellings.Count > 0 ? spellings : null;
    }
}
