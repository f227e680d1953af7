using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace LeadSync.Contracts;

/// <summary>
/// Numbers in canonical form: digits, a point where there is a fraction, no exponent, no leading or trailing zeros. Every digit is kept.
/// Thousands separators, percent signs and currencies are understood and left out.
/// </summary>
internal static class NumberValue
{
    // PostgreSQL: a numeric has at most 131,072 digits before the point and 16,383 behind it.
    private const int MaximumWhole = 131_072;
    private const int MaximumFraction = 16_383;

    public static bool TryNumeric(ReadOnlySpan<byte> value, Span<byte> scratch, out ReadOnlySpan<byte> canonical) =>
        TryPlain(value, scratch, out canonical) || TryPlain(WithoutMarks(value), scratch, out canonical);

    public static bool TryInteger(ReadOnlySpan<byte> value, Span<byte> scratch, out ReadOnlySpan<byte> canonical)
    {
        canonical = default;
        if (!Utf8Parser.TryParse(value, out long number, out var consumed) || consumed != value.Length)
        {
            if (!TryNumeric(value, scratch, out var whole) || !Utf8Parser.TryParse(whole, out number, out consumed)
                || consumed != whole.Length)
                return false;
        }

        number.TryFormat(scratch, out var length, default, CultureInfo.InvariantCulture);
        canonical = scratch[..length];
        return true;
    }

    /// <summary>Whether a single comma stands where it may separate thousands as well as a fraction: 1,500.</summary>
    public static bool IsAmbiguous(ReadOnlySpan<byte> value)
    {
        var comma = value.IndexOf((byte)',');
        if (comma < 0 || value[(comma + 1)..].IndexOfAny(",."u8) >= 0 || value[..comma].Contains((byte)'.'))
            return false;

        return Digits(value[(comma + 1)..], fromStart: true) == 3
            && Digits(value[..comma], fromStart: false) is >= 1 and <= 3 and var before
            && value[comma - before] != '0';
    }

    private static int Digits(ReadOnlySpan<byte> value, bool fromStart)
    {
        var count = 0;
        while (count < value.Length && value[fromStart ? count : ^(count + 1)] is >= (byte)'0' and <= (byte)'9')
            count++;
        return count;
    }

    /// <summary>Digits with a sign, a point and an exponent, each of which may be missing.</summary>
    private static bool TryPlain(ReadOnlySpan<byte> value, Span<byte> scratch, out ReadOnlySpan<byte> canonical)
    {
        canonical = default;
        var isNegative = value is [(byte)'-', ..];
        if (value is [(byte)'-' or (byte)'+', ..])
            value = value[1..];

        var exponent = 0;
        if (value.IndexOfAny("eE"u8) is >= 0 and var e)
        {
            if (!Utf8Parser.TryParse(value[(e + 1)..], out exponent, out var consumed) || e + 1 + consumed != value.Length)
                return false;
            value = value[..e];
        }

        var whole = Digits(value, fromStart: true);
        var hasPoint = whole < value.Length;
        var fraction = hasPoint ? Digits(value[(whole + 1)..], fromStart: true) : 0;
        if (whole + fraction == 0 || (hasPoint && (value[whole] != '.' || whole + 1 + fraction != value.Length)))
            return false;

        return Write(isNegative, value[..whole], hasPoint ? value[(whole + 1)..] : [], exponent, scratch, out canonical);
    }

    private static bool Write(
        bool isNegative, ReadOnlySpan<byte> whole, ReadOnlySpan<byte> fraction, int exponent, Span<byte> scratch,
            out ReadOnlySpan<byte> canonical)
    {
        // The significant digits, from "first" to "last" of both spans together, and the place of the point among them.
        var count = whole.Length + fraction.Length;
        int first = 0, last = count;
        while (first < count && Digit(whole, fraction, first) == '0')
            first++;
        while (last > first && Digit(whole, fraction, last - 1) == '0')
            last--;
        canonical = "0"u8;
        if (first == last)
            return true;

        var point = (long)whole.Length + exponent - first;
        var digits = last - first;
        if (point > MaximumWhole || digits - point > MaximumFraction)
            return false;

        // With room for a sign and a point.
        var most = (int)(Math.Max(point, 1) + digits - Math.Min(point, digits) + 2);
        var text = most <= scratch.Length ? scratch : new byte[most];
        var at = 0;
        if (isNegative)
            text[at++] = (byte)'-';
        for (var position = Math.Min(0, point - 1); position < Math.Max(point, digits); position++)
        {
            if (position == point)
                text[at++] = (byte)'.';
            text[at++] = position >= 0 && position < digits ? Digit(whole, fraction, first + (int)position) : (byte)'0';
        }

        canonical = text[..at];
        return true;
    }

    private static byte Digit(ReadOnlySpan<byte> whole, ReadOnlySpan<byte> fraction, int at) =>
        at < whole.Length ? whole[at] : fraction[at - whole.Length];

    /// <summary>The number without separators, percent signs and currencies; empty when it is not a number.</summary>
    private static byte[] WithoutMarks(ReadOnlySpan<byte> value)
    {
        if (value.Length > 2 * MaximumWhole)
            return [];

        var text = Encoding.UTF8.GetString(value).Trim();
        var isNegative = text.StartsWith('(') && text.EndsWith(')');
        if (isNegative)
            text = text[1..^1].Trim();
        var sign = text.AsSpan().IndexOfAny("-+\u2212");
        if (sign >= 0 && IsCurrency(text[..sign]))
        {
            if (isNegative)
                return [];
            isNegative = text[sign] != '+';
            text = text.Remove(sign, 1);
        }

        text = WithoutUnit(text);
        var plain = Ungrouped(text);
        return plain is null ? [] : Encoding.ASCII.GetBytes(isNegative ? "-" + plain : plain);
    }

    private static string WithoutUnit(string text)
    {
        var first = text.AsSpan().IndexOfAnyInRange('0', '9');
        var last = text.AsSpan().LastIndexOfAnyInRange('0', '9');
        if (first < 0)
            return "";
        if (first > 0 && text[first - 1] is '.')
            first--;

        var (before, behind) = (text[..first], text[(last + 1)..]);
        return IsCurrency(before) && (IsCurrency(behind) || (behind.Trim() == "%" && before.Trim().Length == 0))
            ? text[first..(last + 1)] : "";
    }

    // "$", "US$", "EUR", "Rs." and an empty text are currencies; other words are not.
    private static bool IsCurrency(string text) => text.Trim() is var mark
        && (mark is "" or "Rs" or "Rs." || (mark.Length == 3 && mark.All(char.IsAsciiLetterUpper))
            || (mark.Length <= 4 && mark.Any(IsSymbol) && mark.All(letter => char.IsLetter(letter) || IsSymbol(letter))));

    private static bool IsSymbol(char letter) => char.GetUnicodeCategory(letter) == UnicodeCategory.CurrencySymbol;

    /// <returns>Digits with at most a point; null when the separators do not stand as they do in a number.</returns>
    private static string? Ungrouped(string text)
    {
        var (comma, point) = (text.LastIndexOf(','), text.LastIndexOf('.'));
        var hasFraction = (comma, point) switch
        {
            ( >= 0, >= 0) => true,
            ( >= 0, _) => text.IndexOf(',') == comma && !IsAmbiguous(Encoding.UTF8.GetBytes(text)),
            (_, >= 0) => text.IndexOf('.') == point,
            _ => false,
        };
        var end = hasFraction ? Math.Max(comma, point) : text.Length;
        var groups = text[..end].Split([',', '.', '\'', '\u2019', ' ', '\u00A0', '\u202F', '_']);
        var used = text[..end].Where(letter => !char.IsAsciiDigit(letter)).Distinct().Count();
        // Indian users of Zoho write 12,34,567.
        var isGrouped = used <= 1 && groups[0].Length <= (groups.Length > 1 ? 3 : int.MaxValue)
            && (groups.Length == 1 || (groups[0].Length > 0 && groups[^1].Length == 3)) && groups[1..].All(group => group.Length is 2 or 3);
        var fraction = end < text.Length ? text[(end + 1)..] : "";
        return isGrouped && groups.All(group => group.All(char.IsAsciiDigit)) && fraction.All(char.IsAsciiDigit)
            ? $"{string.Concat(groups)}.{fraction}"
            : null;
    }
}
