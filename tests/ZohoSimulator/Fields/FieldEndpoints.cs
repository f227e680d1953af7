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

        return type == "unused"
            ? Results.NoContent()
            : ZohoJson.Answer(new { fields = fields.Visible.Select((field, at) => Describe(fields, field, at)) });
    }

    // Zoho: every field has every object; an empty one does not apply.
    private static Dictionary<string, object?> Describe(FieldCatalogue fields, Field field, int at)
    {
        var described = Everything(fields, field, at);
        // Zoho: subforms and similar fields have none.
        if (field.Length == 0)
            described.Remove("length");
        return described;
    }

    private static Dictionary<string, object?> Everything(FieldCatalogue fields, Field field, int at) => new()
    {
        ["associated_module"] = null,
        ["operation_type"] = new
        {
            web_update = !field.ReadOnly, api_create = !field.ReadOnly, web_create = !field.ReadOnly, api_update = !field.ReadOnly
        },
        ["webhook"] = true,
        ["colour_code_enabled_by_system"] = false,
        ["field_label"] = LabelOf(field),
        ["tooltip"] = null,
        ["type"] = "used",
        ["field_read_only"] = field.ReadOnly,
        ["customizable_properties"] = Array.Empty<string>(),
        ["display_label"] = LabelOf(field),
        ["read_only"] = field.ReadOnly,
        ["association_details"] = null,
        ["businesscard_supported"] = true,
        ["multi_module_lookup"] = new { },
        ["id"] = $"{Ids}{3001 + (at * 2):000000}",
        ["created_time"] = null,
        ["filterable"] = field.Exported,
        ["visible"] = true,
        ["profiles"] = Array.Empty<object>(),
        ["view_type"] = new { view = true, edit = !field.ReadOnly, quick_create = field.Mandatory, create = !field.ReadOnly },
        ["separator"] = false,
        ["searchable"] = true,
        ["external"] = null,
        ["api_name"] = field.ApiName,
        ["unique"] = new { },
        ["enable_colour_code"] = false,
        ["pick_list_values"] = field.Choices.Select((choice, number) => ChoiceOf(fields, field, choice, number)),
        ["system_mandatory"] = field.ApiName == "Last_Name",
        ["private"] = null,
        ["json_type"] = JsonType(field),
        ["crypt"] = null,
        ["created_source"] = "default",
        ["display_type"] = -1,
        ["ui_type"] = 1,
        ["modified_time"] = null,
        ["length"] = field.Length,
        ["decimal_place"] = field.DataType is "currency" or "double" or "percent" ? 2 : (int?)null,
        ["custom_field"] = field.Custom,
        ["virtual_field"] = field.DataType is "formula" or "rollup_summary",
        ["data_type"] = field.DataType,
        ["textarea"] = field.TextArea is { } kind ? new { type = kind } : new { },
        ["lookup"] = field.DataType == "lookup" ? LookupOf(field) : new { },
        ["multiselectlookup"] = new { },
        ["currency"] = field.DataType == "currency" ? new { rounding_option = "normal", precision = 2 } : new { },
        ["formula"] = field.DataType == "formula" ? new { return_type = field.ReturnType, expression = "…" } : new { },
        ["rollup_summary"] = field.DataType == "rollup_summary" ? RollupOf(field) : new { },
        ["auto_number"] = field.DataType == "autonumber" ? new { prefix = "C-", start_number = 1 } : new { },
    };

    private static string LabelOf(Field field) => field.Label ?? field.ApiName.Replace('_', ' ');

    private static object ChoiceOf(FieldCatalogue fields, Field field, string choice, int number) => new
    {
        display_value = fields.Shown(field, choice),
        sequence_number = number + 1,
        reference_value = choice,
        colour_code = (string?)null,
        actual_value = choice,
        id = $"{Ids}{90_001 + number:000000}",
        type = "used",
    };

    private static object LookupOf(Field field) =>
        new
        {
            display_label = LabelOf(field), api_name = field.ApiName, module = new { api_name = "Accounts", id = $"{Ids}002177" },
            id = $"{Ids}004001"
        };

    private static object RollupOf(Field field) => new
    {
        return_type = field.ReturnType,
        expression = new { function_parameters = new[] { new { api_name = "id" } }, criteria = (object?)null, function = "count" },
        based_on_module = new { api_name = "Deals", id = $"{Ids}002181" },
        related_list = new { api_name = "Deals", id = $"{Ids}005001" },
        rollup_based_on = "related_list",
    };

    private static string JsonType(Field field) => (field.ReturnType ?? field.DataType) switch
    {
        "boolean" => "boolean",
        "integer" => "integer",
        "bigint" when field.ApiName == "Wizard" => "jsonobject",
        "bigint" => field.ApiName == "id" ? "string" : "long",
        "long" => "long",
        "double" or "currency" or "percent" => "double",
        "ownerlookup" or "userlookup" or "lookup" or "layout" => "jsonobject",
        "multiselectpicklist" or "subform" or "multiselectlookup" or "fileupload" or "multi_module_lookup" or "territories" => "jsonarray",
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
