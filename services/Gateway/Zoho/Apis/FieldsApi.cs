using LeadSync.Gateway.Zoho.Calls;
using LeadSync.Gateway.Zoho.Fields;

namespace LeadSync.Gateway.Zoho.Apis;

/// <summary>Zoho's field metadata.</summary>
internal interface IFieldsApi
{
    /// <summary>All fields of the module that the user may see.</summary>
    /// <exception cref="ZohoException">Zoho did not say, or did not answer.</exception>
    Task<IReadOnlyList<FieldDescription>> ReadFields(CancellationToken ct);
}

internal sealed class FieldsApi(IZohoCalls http, ZohoOptions options) : IFieldsApi
{
    public Task<IReadOnlyList<FieldDescription>> ReadFields(CancellationToken ct)
    {
        var path = $"/crm/{options.ApiVersion}/settings/fields?module={ZohoModule.Leads.ApiName}";
        // Changes may wait for this call, which the gateway makes once a minute at most.
        return http.Ask(new ZohoCall("fields", HttpMethod.Get, path, Lane.Live), FieldDescription.All, ct);
    }
}
