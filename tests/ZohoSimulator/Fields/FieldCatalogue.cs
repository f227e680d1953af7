using System.Collections.Concurrent;
using LeadSync.ZohoSimulator.Leads;

namespace LeadSync.ZohoSimulator.Fields;

/// <summary>The present fields of the Leads module.</summary>
internal sealed class FieldCatalogue
{
    private readonly Dials dials;
    private readonly ConcurrentDictionary<(string Field, string Choice), string> shownNames = new();
    private volatile OrderedDictionary<string, Field> fields;

    public FieldCatalogue(Dials dials, Drift drift)
    {
        this.dials = dials;
        fields = new(StandardFields.All(drift).Concat(CustomFields.All(drift)).Concat(HiddenFields.All(drift))
            .Select(field => KeyValuePair.Create(field.ApiName, field)));
        Rename("Lead_Status", "Pre-Qualified", "Pre-qualified (by phone)");
        Rename("Products_Of_Interest", "Monitors", "Screens, monitors");
    }

    public Field Id => this["id"];

    public Field ModifiedTime => this["Modified_Time"];

    /// <summary>The fields that the API user may see.</summary>
    public IEnumerable<Field> Visible => fields.Values.Where(one => !one.Hidden && IsVisible(one));

    /// <summary>The columns of a bulk read that names no fields.</summary>
    public IEnumerable<Field> Exported => fields.Values.Where(one => one.Exported && IsVisible(one));

    public IEnumerable<Field> Editable => fields.Values.Where(one => !one.Hidden && !one.ReadOnly && one.Exported);

    public Field this[string name] => fields[name];

    public Field? Find(string name) => fields.GetValueOrDefault(name) is { } field && IsVisible(field) ? field : null;

    /// <summary>Changes the displayed name of a choice. The stored values and the leads' Modified_Time stay.</summary>
    public void Rename(string field, string choice, string shown) => shownNames[(field, choice)] = shown;

    /// <summary>The displayed name of a stored choice.</summary>
    public string Shown(Field field, string choice) => shownNames.GetValueOrDefault((field.ApiName, choice), choice);

    /// <summary>A value with its picklist names in this spelling.</summary>
    public object? Spelled(Field field, object? value, Spelling spelling) => value switch
    {
        _ when spelling == Spelling.Stored || field.Choices.Count == 0 => value,
        string choice => Shown(field, choice),
        string[] choices => choices.Select(choice => Shown(field, choice)).ToArray(),
        _ => value,
    };

    public bool TryAdd(Field field)
    {
        if (fields.ContainsKey(field.ApiName))
            return false;

        fields = new(fields) { [field.ApiName] = field };
        return true;
    }

    private bool IsVisible(Field field) =>
        dials.InvisibleFields.Length == 0 || !dials.InvisibleFields.Split(',').Contains(field.ApiName);
}
