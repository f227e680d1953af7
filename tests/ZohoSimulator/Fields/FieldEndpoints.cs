using LeadSync.ZohoSimulator.Gate;
using LeadSync.ZohoSimulator.Watch;

namespace LeadSync.ZohoSimulator.Fields;

/// <summary>Metadata: <c>settings/fields</c>, <c>settings/modules</c> and <c>org</c>.</summary>
internal static class FieldEndpoints
{
    private const string Ids = "5725767000000";

    public static void MapFields(this IEndpointRouteBuilder crm)
    {
        crm.MapGet("/settings/fields", List)
            .Call("fields", 1, "ZohoCRM.settings.fields.READ");
        crm.MapGet("/settings/modules", Modules)
            .Call("modules", 1, "ZohoCRM.settings.modules.READ");
        crm.MapGet("/org", Organisation)
            .Call("org", 1, "ZohoCRM.org.READ");
    }

    private static IResult List(FieldCatalogue fields, string? module, string? type)
    {
        if (module is null)
            throw ZohoError.MissingParameter("module");
        if (module != "Leads")
            throw new ZohoError(400, "INVALID_MODULE", "the module name given seems to be invalid", new { param_name = "module" });

        return type == "unused" ? Results.NoContent() : ZohoJson.Answer(new { fields = fields.Visible.Select(Describe) });
    }

    private static object Describe(Field field, int at) => new
    {
        id = $"{Ids}{3001 + (at * 2):000000}",
        api_name = field.ApiName,
        field_label = field.Label ?? field.ApiName.Replace('_', ' '),
        display_label = field.Label ?? field.ApiName.Replace('_', ' '),
        data_type = field.DataType,
        json_type = JsonType(field),
        length = field.Length,
        decimal_place = field.DataType is "currency" or "double" or "percent" ? 2 : (int?)null,
        system_mandatory = field.ApiName == "Last_Name",
        visible = true,
        read_only = field.ReadOnly,
        field_read_only = field.ReadOnly,
        custom_field = field.Custom,
        virtual_field = field.DataType is "formula" or "rollup_summary",
        view_type = new { view = true, edit = !field.ReadOnly, create = !field.ReadOnly, quick_create = field.Mandatory },
        lookup = field.DataType == "lookup" ? new { api_name = field.ApiName, module = new { api_name = "Accounts" } } : (object)new { },
        pick_list_values = field.Choices.Select(choice => new { display_value = choice, actual_value = choice }),
        multiselect = field.DataType == "multiselectpicklist" ? new { } : (object?)null,
        formula = field.DataType == "formula" ? new { return_type = "double" } : (object)new { },
        rollup_summary = new { },
        display_type = -1,
        type = "used",
        operation_type = new { api_create = !field.ReadOnly, api_update = !field.ReadOnly },
    };

    private static string JsonType(Field field) => field.DataType switch
    {
        "boolean" => "boolean",
        "integer" => "integer",
        "bigint" => field.ApiName == "id" ? "string" : "long",
        "double" or "currency" or "percent" or "formula" => "double",
        "rollup_summary" => "integer",
        "ownerlookup" or "userlookup" or "lookup" => "jsonobject",
        "multiselectpicklist" or "subform" or "multiselectlookup" or "fileupload" or "multi_module_lookup" => "jsonarray",
        _ => field.ApiName == "Tag" ? "jsonarray" : "string",
    };

    private static IResult Modules() => ZohoJson.Answer(new
    {
        modules = WatchedModule.All.Where(module => module.Name != "users").Select(module => new
        {
            api_name = module.Name,
            module_name = module.Name,
            id = module.Id,
            api_supported = true,
            viewable = true,
            creatable = true,
            editable = true,
            deletable = true,
        }),
    });

    private static IResult Organisation(Dials dials)
    {
        var license = new { paid_type = dials.Edition, users_license_purchased = dials.EditionUsers };
        var org = new { id = $"{Ids}000225", company_name = "Zylker", time_zone = dials.TimeZone, license_details = license };
        return ZohoJson.Answer(new { org = new[] { org } });
    }
}
