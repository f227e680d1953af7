using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace LeadSync.Contracts;

/// <summary>
/// The canonical form of a field's value: the one text that a value has, whether it came as JSON by a notification or as a CSV cell
/// by a bulk read. Equal values have equal texts, so texts can be compared and hashed; PostgreSQL reads each as its column's type.
/// An empty text is no value (Zoho's CSV cannot tell empty from null), and so is one of spaces only. docs/fields.md has a row for each of
/// Zoho's types.
/// </summary>
public static class FieldValue
{
    /// <summary>Enough bytes for most canonical forms. Longer ones allocate an array.</summary>
    public const int ScratchSize = 512;

    // Zoho: an unset picklist shows this text.
    private static ReadOnlySpan<byte> NoChoice => "-None-"u8;

    private static readonly SearchValues<byte> Rewritten = SearchValues.Create("\0\r"u8);

    /// <summary>Brings a value into canonical form.</summary>
    /// <param name="type">The field's type. A <see cref="FieldType.Set"/> has to be put together by <see cref="SetValue"/> before.</param>
    /// <param name="value">The value as Zoho wrote it, UTF-8.</param>
    /// <param name="scratch">At least <see cref="ScratchSize"/> bytes, which <paramref name="canonical"/> may point into.</param>
    /// <param name="canonical">The canonical text, UTF-8; empty for no value. Valid as long as both spans are.</param>
    /// <returns>False when the value is not one of its type.</returns>
    public static bool TryCanonical(FieldType type, ReadOnlySpan<byte> value, Span<byte> scratch, out ReadOnlySpan<byte> canonical)
    {
        canonical = default;
        if (IsBlank(value))
            return true;

        return type switch
        {
            FieldType.Numeric => NumberValue.TryNumeric(value, scratch, out canonical),
            FieldType.Integer => NumberValue.TryInteger(value, scratch, out canonical),
            FieldType.Boolean => TryBoolean(value, out canonical),
            FieldType.DateTime => TimeValue.TryDateTime(value, scratch, out canonical),
            FieldType.Date => TimeValue.TryDate(value, scratch, out canonical),
            _ => TryText(value, out canonical),
        };
    }

    /// <summary>As <see cref="TryCanonical(FieldType, ReadOnlySpan{byte}, Span{byte}, out ReadOnlySpan{byte})"/>, for texts.</summary>
    /// <returns>False when the value is not one of its type; <paramref name="canonical"/> is null for no value.</returns>
    public static bool TryCanonical(FieldType type, string? value, out string? canonical)
    {
        Span<byte> scratch = stackalloc byte[ScratchSize];
        var valid = TryCanonical(type, Encoding.UTF8.GetBytes(value ?? ""), scratch, out var bytes);
        canonical = valid && !bytes.IsEmpty ? Encoding.UTF8.GetString(bytes) : null;
        return valid;
    }

    /// <summary>Reads an instant as Zoho writes it, ISO 8601 with an offset. One without an offset is no instant.</summary>
    public static bool TryInstant(ReadOnlySpan<byte> value, out DateTimeOffset instant) => TimeValue.TryInstant(value, out instant);

    /// <summary>The displayed name of a picklist's choice, for any of its spellings; null when nothing was chosen.</summary>
    public static string? Shown(LeadField field, string? choice) =>
        string.IsNullOrWhiteSpace(choice) || choice == "-None-" ? null : field.Spellings?.GetValueOrDefault(choice) ?? choice;

    /// <summary>Whether a value is empty or holds only spaces.</summary>
    public static bool IsBlank(ReadOnlySpan<byte> value)
    {
        // Beyond ASCII, only what begins with one of these four bytes can be a space.
        if (value.IsEmpty)
            return true;
        if (value[0] > ' ' && value[0] is not (0xC2 or 0xE1 or 0xE2 or 0xE3))
            return false;

        for (var rest = value; !rest.IsEmpty;)
        {
            if (Rune.DecodeFromUtf8(rest, out var rune, out var length) != OperationStatus.Done || !Rune.IsWhiteSpace(rune))
                return false;
            rest = rest[length..];
        }

        return true;
    }

    /// <summary>Whether a picklist's cell says that nothing was chosen.</summary>
    internal static bool IsNoChoice(ReadOnlySpan<byte> value) => value.SequenceEqual(NoChoice);

    private static bool TryBoolean(ReadOnlySpan<byte> value, out ReadOnlySpan<byte> canonical)
    {
        value = value.Trim(" \t"u8);
        var isTrue = IsWord(value, "true"u8, "yes"u8, "on"u8, "t"u8, "y"u8, "1"u8) || IsWord(value, "checked"u8);
        canonical = isTrue ? "true"u8 : "false"u8;
        return isTrue || IsWord(value, "false"u8, "no"u8, "off"u8, "f"u8, "n"u8, "0"u8) || IsWord(value, "unchecked"u8);
    }

    private static bool IsWord(
        ReadOnlySpan<byte> value, ReadOnlySpan<byte> a, ReadOnlySpan<byte> b, ReadOnlySpan<byte> c, ReadOnlySpan<byte> d,
            ReadOnlySpan<byte> e, ReadOnlySpan<byte> f) =>
        IsWord(value, a) || IsWord(value, b) || IsWord(value, c) || IsWord(value, d) || IsWord(value, e) || IsWord(value, f);

    private static bool IsWord(ReadOnlySpan<byte> value, ReadOnlySpan<byte> word) => Ascii.EqualsIgnoreCase(value, word);

    private static bool TryText(ReadOnlySpan<byte> value, out ReadOnlySpan<byte> canonical)
    {
        canonical = value;
        if (!Utf8.IsValid(canonical))
            canonical = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(canonical));
        if (canonical.ContainsAny(Rewritten))
            canonical = Rewrite(canonical);
        return true;
    }

    // Line ends become LF. PostgreSQL stores neither U+0000 nor invalid UTF-8: both become U+FFFD, as a browser would show them.
    private static byte[] Rewrite(ReadOnlySpan<byte> text)
    {
        var rewritten = new ArrayBufferWriter<byte>(text.Length);
        for (int at; (at = text.IndexOfAny(Rewritten)) >= 0;)
        {
            rewritten.Write(text[..at]);
            rewritten.Write(text[at] == 0 ? "\uFFFD"u8 : "\n"u8);
            text = text[at..] is [(byte)'\r', (byte)'\n', .. var behind] ? behind : text[(at + 1)..];
        }

        rewritten.Write(text);
        return rewritten.WrittenSpan.ToArray();
    }
}
