using System.Collections.Concurrent;
using LeadSync.ZohoSimulator.Leads;

namespace LeadSync.ZohoSimulator.Fields;

/// <summary>The present fields of the Leads module.</summary>
internal sealed class FieldCatalogue
{
    private readonly Dials _dials;
    private readonly ConcurrentDictionary<(string Field, string Choice), string> _shown = new();
    private volatile OrderedDictionary<string, Field> _fields;

    public FieldCatalogue(Dials dials, Drift drift)
    {
        _dials = dials;
        _fields = new(StandardFields.All(drift).Concat(CustomFields.All(drift)).Concat(HiddenFields.All(drift))
            .Select(field => KeyValuePair.Create(field.ApiName, field)));
        Rename("Lead_Status", "Pre-Qualified", "Pre-qualified (by phone)");
        Rename("Products_Of_Interest", "Monitors", "Screens, monitors");
    }

    public Field Id => this["id"];

    public Field ModifiedTime => this["Modified_Time"];

    /// <summary>The fields that the API user may see.</summary>
    public IEnumerable<Field> Visible => _fields.Values.Where(one => !one.Hidden && IsVisible(one));

    /// <summary>The columns of a bulk read that names no fields.</summary>
    public IEnumerable<Field> Exported => _fields.Values.Where(one => one.Exported && IsVisible(one));

    public IEnumerable<Field> Editable => _fields.Values.Where(one => !one.Hidden && !one.ReadOnly && one.Exported);

    public Field this[string name] => _fields[name];

    public Field? Find(string name) => _fields.GetValueOrDefault(name) is { } field && IsVisible(field) ? field : null;

    /// <summary>Changes the displayed name of a choice. The stored values and the leads' Modified_Time stay.</summary>
    public void Rename(string field, string choice, string shown) => _shown[(field, choice)] = shown;

    /// <summary>The displayed name of a stored choice.</summary>
    public string Shown(Field field, string choice) => _shown.GetValueOrDefault((field.ApiName, choice), choice);

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
        if (_fields.ContainsKey(field.ApiName))
            return false;

        _fields = new(_fields) { [field.ApiName] = field };
        return true;
    }

    private bool IsVisible(Field field) =>
        _dials.InvisibleFields.Length == 0 || !_dials.InvisibleFields.Split(',').Contains(field.ApiName);
}
