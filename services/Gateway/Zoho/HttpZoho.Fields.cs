using System.Text.Json;

namespace LeadSync.Gateway.Zoho;

internal sealed partial class HttpZoho
{
    public Task<IReadOnlyList<FieldDescription>> ReadFields(CancellationToken ct) =>
        Ask<IReadOnlyList<FieldDescription>>(
            new Call("fields", HttpMethod.Get, $"/crm/{options.ApiVersion}/settings/fields?module=Leads"),
            Fields,
            ct);

    /// <summary>The fields that an answer of <c>settings/fields</c> describes.</summary>
    public static IReadOnlyList<FieldDescription> Fields(JsonElement? body) =>
        [.. (body?.Items("fields") ?? []).Select(Describe).OfType<FieldDescription>()];

    private static FieldDescription? Describe(JsonElement field) =>
        field.Text("api_name") is not { Length: > 0 } apiName
            ? null
            : new FieldDescription(
                apiName,
                field.Text("data_type") ?? "",
                field.Text("json_type"),
                (field.Get("formula") ?? field.Get("rollup_summary"))?.Text("return_type"),
                [.. field.Items("pick_list_values").SelectMany(Spellings).Distinct()]);

    // Zoho: the two differ where a choice was renamed. Which of them an export writes is not said.
    private static IEnumerable<string> Spellings(JsonElement choice) =>
        new[] { choice.Text("actual_value"), choice.Text("display_value") }.OfType<string>();
}
