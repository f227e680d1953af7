using System.Text.Json;
using LeadSync.ZohoSimulator.Clock;

namespace LeadSync.ZohoSimulator.Values;

/// <summary>Writes a field's value like the Records API.</summary>
internal static class JsonValue
{
    /// <param name="textLimit">The length to which longer texts are cut.</param>
    public static void Write(Utf8JsonWriter json, object? value, UserTime time, int textLimit = int.MaxValue)
    {
        switch (value)
        {
            case null:
                json.WriteNullValue();
                break;
            case string text:
                json.WriteStringValue(Cut(text, textLimit));
                break;
            case bool flag:
                json.WriteBooleanValue(flag);
                break;
            case long number:
                json.WriteNumberValue(number);
                break;
            case decimal number:
                json.WriteNumberValue(number / 1.0000000000000000000000000000m);
                break;
            case DateOnly date:
                json.WriteStringValue(date.ToString("yyyy-MM-dd"));
                break;
            case DateTimeOffset instant:
                WriteInstant(json, instant, time);
                break;
            default:
                WriteStructure(json, value);
                break;
        }
    }

    private static void WriteInstant(Utf8JsonWriter json, DateTimeOffset instant, UserTime time)
    {
        Span<byte> text = stackalloc byte[UserTime.Length];
        time.Write(instant, text);
        json.WriteStringValue(text);
    }

    private static void WriteStructure(Utf8JsonWriter json, object value)
    {
        switch (value)
        {
            case UserRef user:
                WriteObject(json, ("name", user.Name), ("id", user.Id), ("email", user.Email));
                break;
            case LookupRef record:
                WriteObject(json, ("name", record.Name), ("id", record.Id));
                break;
            case WizardRef wizard:
                WriteObject(json, ("id", wizard.Id));
                break;
            case TerritoryRef[] territories:
                json.WriteStartArray();
                foreach (var territory in territories)
                    WriteObject(json, ("Name", territory.Name), ("id", territory.Id));
                json.WriteEndArray();
                break;
            case string[] chosen:
                json.WriteStartArray();
                foreach (var choice in chosen)
                    json.WriteStringValue(choice);
                json.WriteEndArray();
                break;
            case Tag[] tags:
                json.WriteStartArray();
                foreach (var tag in tags)
                    WriteObject(json, ("name", tag.Name), ("id", tag.Id), ("color_code", null));
                json.WriteEndArray();
                break;
            default:
                throw new InvalidOperationException($"A field cannot hold a {value.GetType().Name}");
        }
    }

    private static void WriteObject(Utf8JsonWriter json, params ReadOnlySpan<(string Name, string? Value)> members)
    {
        json.WriteStartObject();
        foreach (var (name, value) in members)
            json.WriteString(name, value);
        json.WriteEndObject();
    }

    private static ReadOnlySpan<char> Cut(string text, int limit)
    {
        if (text.Length <= limit)
            return text;

        return text.AsSpan(0, char.IsHighSurrogate(text[limit - 1]) ? limit - 1 : limit);
    }
}
