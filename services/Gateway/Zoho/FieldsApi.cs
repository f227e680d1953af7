using System.Text.Json;

namespace LeadSync.Gateway.Zoho;

/// <summary>Zoho's field metadata.</summary>
internal interface IFieldsApi
{
    /// <summary>All fields of the module that the user may see.</summary>
    /// <exception cref="ZohoException">Zoho did not say, or did not answer.</exception>
    Task<IReadOnlyList<FieldDescription>> ReadFields(CancellationToken ct);
}

/// <summary>A field as Zoho's metadata describes it.</summary>
/// <param name="ReturnType">Of a formula or a roll-up: the data type of its result.</param>
internal sealed record FieldDescription(
    string ApiName, string DataType, string? JsonType = null, string? ReturnType = null, IReadOnlyList<string>? Choices = null);

internal sealed class FieldsApi(ZohoHttp http, ZohoOptions options) : IFieldsApi
{
    public Task<IReadOnlyList<FieldDescription>> ReadFields(CancellationToken ct)
    {
        var path = $"/crm/{options.ApiVersion}/settings/fields?module={ZohoModule.Leads.ApiName}";
        // One call a minute at most, which changes wait for.
        return http.Ask(new ZohoCall("fields", HttpMethod.Get, path, Lane.Live), Read, ct);
    }

    /// <summary>The fields that an answer of <c>settings/fields</c> describes.</summary>
    public static IReadOnlyList<FieldDescription> Read(JsonElement? body) =>
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
