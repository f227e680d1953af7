using System.Text.Json;
using System.Text.Json.Serialization;

namespace LeadSync.Cli.Sync;

/// <summary>How the scheduler's answers are read for people: what a lead holds was written by strangers, and must not steer a
/// terminal.</summary>
internal static class Answers
{
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web) { Converters = { new VisibleText() } };

    /// <summary>Control characters as the pictures that Unicode has for them; line breaks and tabs stay.</summary>
    public static string Visible(string text) => text.Any(IsHidden)
        ? string.Concat(text.Select(character => IsHidden(character) ? Picture(character) : character)) : text;

    private static bool IsHidden(char character) => char.IsControl(character) && character is not ('\n' or '\t');

    private static char Picture(char character) => character switch
    {
        < ' ' => (char)('\u2400' + character),
        '\u007f' => '\u2421',
        _ => '\ufffd',
    };

    private sealed class VisibleText : JsonConverter<string>
    {
        public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.GetString() is { } text ? Visible(text) : null;

        public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);

        public override string ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            Visible(reader.GetString()!);

        public override void WriteAsPropertyName(Utf8JsonWriter writer, string value, JsonSerializerOptions options) =>
            writer.WritePropertyName(value);
    }
}
