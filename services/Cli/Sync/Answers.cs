using System.Text.Json;
using System.Text.Json.Serialization;

namespace LeadSync.Cli.Sync;

/// <summary>Reads the scheduler's answers for people. Strangers write the values of leads, so these must not send control characters to a
/// terminal.</summary>
internal static class Answers
{
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web) { Converters = { new VisibleText() } };

    /// <summary>Replaces control characters by Unicode's pictures of them, except line breaks and tabs.</summary>
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
