using System.Text.Json;
using LeadSync.ZohoSimulator.Fields;
using LeadSync.ZohoSimulator.Leads;
using LeadSync.ZohoSimulator.Values;

namespace LeadSync.ZohoSimulator.Control;

/// <summary>The values of an edit: given or random.</summary>
internal sealed class NewValues(FieldCatalogue fields, Chance chance)
{
    private const int MostRandom = 4;

    public IReadOnlyList<Edit> For(Lead lead, JsonElement? given) =>
        given is { ValueKind: JsonValueKind.Object } values ? Given(values) : Random(lead);

    public IReadOnlyList<Edit> Given(JsonElement values) => [.. values.EnumerateObject().Select(value => Read(value.Name, value.Value))];

    private Edit Read(string name, JsonElement value)
    {
        var field = fields.Find(name) ?? throw new BadHttpRequestException($"There is no field {name}.");
        return new Edit(field, ValueReader.Read(field, value));
    }

    private List<Edit> Random(Lead lead)
    {
        var editable = fields.Editable.ToList();
        var chosen = Enumerable.Range(0, 1 + chance.Below(MostRandom)).Select(_ => editable[chance.Below(editable.Count)]).Distinct();
        return [.. chosen.Select(field => new Edit(field, field.Any(lead, chance.Bits())))];
    }
}
