using LeadSync.ZohoSimulator.Leads;

namespace LeadSync.ZohoSimulator.Fields;

/// <summary>The fields that the Leads module has now.</summary>
internal sealed class FieldCatalogue
{
    private readonly Dials _dials;
    private volatile OrderedDictionary<string, Field> _fields;

    public FieldCatalogue(Dials dials, Drift drift)
    {
        _dials = dials;
        _fields = new(StandardFields.All(drift).Concat(CustomFields.All(drift)).Concat(HiddenFields.All(drift))
            .Select(field => KeyValuePair.Create(field.ApiName, field)));
    }

    public Field Id => this["id"];

    public Field ModifiedTime => this["Modified_Time"];

    /// <summary>What the API user may see of every record.</summary>
    public IEnumerable<Field> Visible => _fields.Values.Where(one => !one.Hidden && IsVisible(one));

    /// <summary>What a bulk read exports that names no fields.</summary>
    public IEnumerable<Field> Exported => _fields.Values.Where(one => one.Exported && IsVisible(one));

    public IEnumerable<Field> Editable => _fields.Values.Where(one => !one.Hidden && !one.ReadOnly && one.Exported);

    public Field this[string name] => _fields[name];

    public Field? Find(string name) => _fields.GetValueOrDefault(name) is { } field && IsVisible(field) ? field : null;

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
