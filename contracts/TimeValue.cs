using System.Buffers.Text;
using System.Globalization;

namespace LeadSync.Contracts;

/// <summary>
/// Dates and instants in canonical form: <c>yyyy-MM-dd</c>, and UTC with a fraction (up to microseconds) only where there is one. Years
/// have four digits. Years after 9999 have more: they are typing errors, but PostgreSQL stores them.
/// </summary>
internal static class TimeValue
{
    // PostgreSQL: a timestamptz ends in 294276, a date later.
    private const int LastYear = 294_275;

    private const long SecondsPerDay = 86_400;

    public static bool TryInstant(ReadOnlySpan<byte> value, out DateTimeOffset instant)
    {
        instant = default;
        if (!TryRead(value, out var seconds, out var micros) || seconds < 0 || seconds > DateTime.MaxValue.Ticks / TimeSpan.TicksPerSecond)
            return false;

        instant = new DateTimeOffset((seconds * TimeSpan.TicksPerSecond) + (micros * TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);
        return true;
    }

    public static bool TryDateTime(ReadOnlySpan<byte> value, Span<byte> scratch, out ReadOnlySpan<byte> canonical)
    {
        canonical = default;
        if (!TryRead(value, out var seconds, out var micros) || seconds < 0)
            return false;

        var at = WriteDate(seconds / SecondsPerDay, scratch);
        var second = (int)(seconds % SecondsPerDay);
        scratch[at++] = (byte)'T';
        at = Two(second / 3600, scratch, at);
        scratch[at++] = (byte)':';
        at = Two(second / 60 % 60, scratch, at);
        scratch[at++] = (byte)':';
        at = Two(second % 60, scratch, at);
        if (micros > 0)
        {
            micros.TryFormat(scratch[at..], out var length, "'.'000000", CultureInfo.InvariantCulture);
            at += scratch.Slice(at, length).TrimEnd((byte)'0').Length;
        }

        scratch[at++] = (byte)'Z';
        canonical = scratch[..at];
        return true;
    }

    public static bool TryDate(ReadOnlySpan<byte> value, Span<byte> scratch, out ReadOnlySpan<byte> canonical)
    {
        canonical = default;
        value = value.Trim(" \t"u8);
        if (!TryReadDate(ref value, out var days))
            return false;
        // Some programs write a date as midnight in some zone.
        if (!value.IsEmpty && !(value[0] is (byte)'T' or (byte)' ' && IsMidnight(value[1..])))
            return false;

        canonical = scratch[..WriteDate(days, scratch)];
        return true;
    }

    private static bool IsMidnight(ReadOnlySpan<byte> time) =>
        TryReadTime(ref time, out var seconds, out var micros) && seconds == 0 && micros == 0
            && (time.IsEmpty || TryReadOffset(time, out _));

    /// <summary>Seconds since 0001-01-01, UTC.</summary>
    private static bool TryRead(ReadOnlySpan<byte> value, out long seconds, out long micros)
    {
        (seconds, micros) = (0, 0);
        value = value.Trim(" \t"u8);
        if (!TryReadDate(ref value, out var days) || value.IsEmpty || value[0] is not ((byte)'T' or (byte)'t' or (byte)' '))
            return false;

        value = value[1..];
        if (!TryReadTime(ref value, out var second, out micros) || !TryReadOffset(value.TrimStart((byte)' '), out var offset))
            return false;

        seconds = (days * SecondsPerDay) + second - offset;
        return true;
    }

    /// <summary>Days since 0001-01-01, as the Gregorian calendar counts.</summary>
    private static bool TryReadDate(ref ReadOnlySpan<byte> value, out long days)
    {
        days = 0;
        var digits = value.IndexOf((byte)'-');
        if (digits is < 4 or > 6 || !TryNumber(value[..digits], out var year) || year is < 1 or > LastYear
            || (digits > 4 && value[0] == '0')
            || value.Length < digits + 6 || value[digits + 3] != '-'
            || !TryNumber(value.Slice(digits + 1, 2), out var month) || !TryNumber(value.Slice(digits + 4, 2), out var day)
            || month is < 1 or > 12 || day < 1)
            return false;

        // The calendar repeats itself every 400 years.
        var alike = ((year - 1) % 400) + 1;
        if (day > DateTime.DaysInMonth(alike, month))
            return false;

        days = ((year - alike) / 400 * 146_097L) + (new DateTime(alike, month, day).Ticks / TimeSpan.TicksPerDay);
        value = value[(digits + 6)..];
        return true;
    }

    private static bool TryReadTime(ref ReadOnlySpan<byte> value, out int seconds, out long micros)
    {
        (seconds, micros) = (0, 0);
        if (value.Length < 5 || value[2] != ':' || !TryNumber(value[..2], out var hour) || !TryNumber(value.Slice(3, 2), out var minute)
            || hour > 23 || minute > 59)
            return false;

        seconds = (hour * 3600) + (minute * 60);
        value = value[5..];
        if (value is not [(byte)':', ..])
            return true;
        if (value.Length < 3 || !TryNumber(value.Slice(1, 2), out var second) || second > 59)
            return false;

        seconds += second;
        value = value[3..];
        if (value is not [(byte)'.' or (byte)',', ..])
            return true;

        value = value[1..];
        var digits = value.IndexOfAnyExceptInRange((byte)'0', (byte)'9') is >= 0 and var end ? end : value.Length;
        for (var place = 0; place < 6; place++)
            micros = (micros * 10) + (place < digits ? value[place] - '0' : 0);
        value = value[digits..];
        return digits > 0;
    }

    private static bool TryReadOffset(ReadOnlySpan<byte> value, out int seconds)
    {
        seconds = 0;
        if (value is [(byte)'Z' or (byte)'z'])
            return true;
        if (value is not [(byte)'+' or (byte)'-', _, _, ..] || !TryNumber(value[1..3], out var hours))
            return false;

        var rest = value[3..];
        if (rest is [(byte)':', ..])
            rest = rest[1..];
        var minutes = 0;
        if (hours > 18 || (value.Length > 3 && (rest.Length != 2 || !TryNumber(rest, out minutes) || minutes > 59)))
            return false;

        seconds = (hours * 3600) + (minutes * 60);
        if (value[0] == '-')
            seconds = -seconds;
        return true;
    }

    private static bool TryNumber(ReadOnlySpan<byte> digits, out int number) =>
        Utf8Parser.TryParse(digits, out number, out _) && digits.IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0;

    private static int WriteDate(long days, Span<byte> to)
    {
        var rounds = days / 146_097;
        var date = new DateTime(days % 146_097 * TimeSpan.TicksPerDay);
        ((rounds * 400) + date.Year).TryFormat(to, out var at, "0000", CultureInfo.InvariantCulture);
        to[at++] = (byte)'-';
        at = Two(date.Month, to, at);
        to[at++] = (byte)'-';
        return Two(date.Day, to, at);
    }

    private static int Two(int number, Span<byte> to, int at)
    {
        to[at] = (byte)('0' + (number / 10));
        to[at + 1] = (byte)('0' + (number % 10));
        return at + 2;
    }
}
