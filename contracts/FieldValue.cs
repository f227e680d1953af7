using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace LeadSync.Contracts;

/// <summary>
/// The canonical form of a field's value: the one text that a value has, whether it came as JSON by a notification or as a CSV cell
/// by a bulk read. Equal values have equal texts, so texts can be compared and hashed; PostgreSQL reads each as its column's type.
/// An empty text is no value (Zoho's CSV cannot tell empty from null).
/// </summary>
public static class FieldValue
{
    /// <summary>Room that is enough for every canonical form but that of <see cref="FieldType.Text"/>, which needs none.</summary>
    public const int ScratchSize = 512;

    private static readonly byte[] ReplacementCharacter = "\uFFFD"u8.ToArray();

    /// <summary>Brings a value into canonical form.</summary>
    /// <param name="type">The field's type. A <see cref="FieldType.Set"/> has to be joined by <see cref="Join"/> before.</param>
    /// <param name="value">The value as Zoho wrote it, UTF-8.</param>
    /// <param name="scratch">At least <see cref="ScratchSize"/> bytes, which <paramref name="canonical"/> may point into.</param>
    /// <param name="canonical">The canonical text, UTF-8; empty for no value. Valid as long as both spans are.</param>
    /// <returns>False when the value is not one of its type.</returns>
    public static bool TryCanonical(FieldType type, ReadOnlySpan<byte> value, Span<byte> scratch, out ReadOnlySpan<byte> canonical)
    {
        canonical = value;
        if (value.IsEmpty)
            return true;

        return type switch
        {
            FieldType.Numeric => TryNumeric(value, scratch, out canonical),
            FieldType.Integer => TryInteger(value, scratch, out canonical),
            FieldType.Boolean => TryBoolean(value, out canonical),
            FieldType.DateTime => TryDateTime(value, scratch, out canonical),
            FieldType.Date => DateOnly.TryParseExact(Ascii(value), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
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

    /// <summary>The canonical form of a <see cref="FieldType.Set"/>: distinct, sorted (ordinal), joined with <c>;</c>; null when empty.</summary>
    public static string? Join(IEnumerable<string> members)
    {
        var sorted = new SortedSet<string>(members.Select(member => member.Trim()).Where(member => member.Length > 0), StringComparer.Ordinal);
        return sorted.Count == 0 ? null : string.Join(';', sorted);
    }

    /// <summary>An instant in canonical form: UTC, with a fraction only where there is one.</summary>
    public static string Canonical(DateTimeOffset instant) =>
        instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture);

    /// <summary>Reads an instant as Zoho writes it, ISO 8601 with an offset. One without an offset is no instant.</summary>
    public static bool TryInstant(ReadOnlySpan<byte> value, out DateTimeOffset instant)
    {
        instant = default;
        // 2026-08-15T14:20:00Z is the shortest; the date's, the time's and the offset's places are fixed, the fraction's length is not.
        if (value.Length is < 20 or > 40 || value[10] is not ((byte)'T' or (byte)' ')
            || !(value[^1] is (byte)'Z' or (byte)'z' || value[^6] is (byte)'+' or (byte)'-'))
            return false;

        return DateTimeOffset.TryParse(Ascii(value), CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out instant);
    }

    private static bool TryNumeric(ReadOnlySpan<byte> value, Span<byte> scratch, out ReadOnlySpan<byte> canonical)
    {
        canonical = default;
        if (decimal.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
        {
            // Dividing by a one with a full scale drops trailing zeros; the default format never writes an exponent.
            number /= 1.000000000000000000000000000000m;
            if (!number.TryFormat(scratch, out var length, default, CultureInfo.InvariantCulture))
                return false;

            canonical = scratch[..length];
            return true;
        }

        if (!double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var wide) || !double.IsFinite(wide)
            || !wide.TryFormat(scratch, out var written, "R", CultureInfo.InvariantCulture))
            return false;

        canonical = scratch[..written];
        return true;
    }

    private static bool TryInteger(ReadOnlySpan<byte> value, Span<byte> scratch, out ReadOnlySpan<byte> canonical)
    {
        canonical = default;
        if (!Utf8Parser.TryParse(value, out long number, out var consumed) || consumed != value.Length)
        {
            if (!decimal.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var parsed)
                || decimal.Truncate(parsed) != parsed || parsed is < long.MinValue or > long.MaxValue)
                return false;

            number = (long)parsed;
        }

        number.TryFormat(scratch, out var length, default, CultureInfo.InvariantCulture);
        canonical = scratch[..length];
        return true;
    }

    private static bool TryBoolean(ReadOnlySpan<byte> value, out ReadOnlySpan<byte> canonical)
    {
        var isTrue = System.Text.Ascii.EqualsIgnoreCase(value, "true"u8) || value.SequenceEqual("1"u8);
        canonical = isTrue ? "true"u8 : "false"u8;
        return isTrue || System.Text.Ascii.EqualsIgnoreCase(value, "false"u8) || value.SequenceEqual("0"u8);
    }

    private static bool TryDateTime(ReadOnlySpan<byte> value, Span<byte> scratch, out ReadOnlySpan<byte> canonical)
    {
        canonical = default;
        if (!TryInstant(value, out var instant)
            || !instant.UtcDateTime.TryFormat(scratch, out var length, "yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture))
            return false;

        canonical = scratch[..length];
        return true;
    }

    private static bool TryText(ReadOnlySpan<byte> value, out ReadOnlySpan<byte> canonical)
    {
        canonical = value;
        // PostgreSQL stores neither U+0000 nor invalid UTF-8; both become U+FFFD, as a browser would show them.
        if (value.Contains((byte)0))
            canonical = value.ToArray().SelectMany(b => b == 0 ? ReplacementCharacter : [b]).ToArray();
        if (!System.Text.Unicode.Utf8.IsValid(canonical))
            canonical = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(canonical));
        return true;
    }

    private static string Ascii(ReadOnlySpan<byte> value) => Encoding.ASCII.GetString(value);
}
