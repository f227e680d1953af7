using System.Text.Json;
using LeadSync.ZohoSimulator.Fields;
using LeadSync.ZohoSimulator.Gate;
using LeadSync.ZohoSimulator.Leads;

namespace LeadSync.ZohoSimulator.Records;

/// <summary>
/// <c>POST /crm/{version}/Leads/upsert</c>: updates the lead that has a value of <c>duplicate_check_fields</c> in common, or creates one.
/// </summary>
internal sealed class UpsertEndpoint(LeadStore store, LeadReader leads, WriteItem items, WriteAnswer answer, FieldCatalogue fields)
{
    private const int MostItems = 100;

    public async Task<IResult> AnswerAsync(HttpRequest request)
    {
        request.EnableBuffering();
        var checkedFields = ReadCheckedFields(await ZohoJson.BodyAsync(request));
        request.Body.Position = 0;
        var data = await Batch.ReadAsync(request, "data", MostItems);
        var results = data.Select((item, at) => Batch.Attempt(() => Upsert(item, at, checkedFields)));
        return Batch.Answer("data", [.. results], 200, wrapSingle: true);
    }

    private Dictionary<string, object> Upsert(JsonElement item, int at, List<Field> checkedFields)
    {
        var values = items.Read(item);
        var edited = Duplicate(values, checkedFields) is { } existing ? store.Edit(existing.Id, values, by: Users.Api) : null;
        var done = edited is null ? answer.Added(store.Create(items.ReadNew(item, at), blank: true)) : answer.Updated(edited);
        done["action"] = edited is null ? "insert" : "update";
        return done;
    }

    private List<Field> ReadCheckedFields(JsonElement body) =>
        body.Items("duplicate_check_fields") is { } names
            ? [.. names.Select(name => fields.Find($"{name}")).OfType<Field>()]
            : [fields["Email"]];

    private Lead? Duplicate(IReadOnlyList<Edit> values, List<Field> checkedFields)
    {
        var keys = values.Where(value => checkedFields.Contains(value.Field) && value.Value is not null).ToList();
        return keys.Count == 0 ? null : leads.Living().FirstOrDefault(lead => keys.Exists(key => Equals(key.Field.Of(lead), key.Value)));
    }
}
