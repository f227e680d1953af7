using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using LeadSync.ZohoSimulator.Gate;

namespace LeadSync.ZohoSimulator.Control;

/// <summary><c>GET</c> and <c>PUT /control/dials</c>: one flat object; missing dials keep their values.</summary>
internal static class DialsEndpoint
{
    private static readonly JsonSerializerOptions Options = new(ZohoJson.Options)
    {
        WriteIndented = true,
        IgnoreReadOnlyProperties = true,
        Converters = { new JsonStringEnumConverter() },
    };

    private static readonly Dictionary<string, PropertyInfo> Known =
        typeof(Dials).GetProperties().Where(dial => dial.CanWrite).ToDictionary(dial => dial.Name, StringComparer.OrdinalIgnoreCase);

    public static IResult Get(Dials dials) => Results.Json(dials, Options);

    public static IResult Put(Dials dials, JsonElement changes)
    {
        var changed = new List<(PropertyInfo Dial, object? Value)>();
        foreach (var change in changes.EnumerateObject())
        {
            if (!Known.TryGetValue(change.Name, out var dial))
                return Refused($"There is no dial {change.Name}; GET /control/dials lists them.");
            if (!TryRead(dial, change.Value, out var value))
                return Refused($"{dial.Name} cannot be {change.Value}; it is {JsonSerializer.Serialize(dial.GetValue(dials), Options)}.");

            changed.Add((dial, value));
        }

        changed.ForEach(change => change.Dial.SetValue(dials, change.Value));
        return Get(dials);
    }

    private static bool TryRead(PropertyInfo dial, JsonElement given, out object? value)
    {
        value = null;
        try
        {
            value = given.Deserialize(dial.PropertyType, Options);
            if (dial.Name == nameof(Dials.TimeZone))
                Clock.TimeZones.Find((string)value!);
            return value is not null;
        }
        catch (Exception e) when (e is JsonException or FormatException or TimeZoneNotFoundException)
        {
            return false;
        }
    }

    private static IResult Refused(string sentence) => Results.Text(sentence, statusCode: 400);
}
