using System.Globalization;
using System.Text;

namespace LeadSync.ZohoSimulator.Clock;

/// <summary>Writes instants like Zoho: whole seconds, with the offset of the API user's time zone at that instant.</summary>
internal sealed class UserTime(Dials dials)
{
    public const int Length = 25;

    private static readonly DateTimeOffset First = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private Offsets offsets = new("");

    public string Write(DateTimeOffset instant)
    {
        Span<byte> text = stackalloc byte[Length];
        Write(instant, text);
        return Encoding.ASCII.GetString(text);
    }

    /// <summary>Writes <c>2026-08-20T02:13:17-07:00</c>: <see cref="Length"/> bytes.</summary>
    public void Write(DateTimeOffset instant, Span<byte> text)
    {
        var local = instant.ToOffset(Offset(instant));
        local.TryFormat(text, out _, "yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture);
    }

    private TimeSpan Offset(DateTimeOffset instant)
    {
        var offsets = this.offsets;
        if (!ReferenceEquals(offsets.Zone, dials.TimeZone))
            this.offsets = offsets = new Offsets(dials.TimeZone);
        return offsets.At(instant);
    }

    /// <summary>Caches a zone's offsets by the hour, because a bulk page needs millions of them.</summary>
    private sealed class Offsets(string zone)
    {
        private readonly TimeZoneInfo rules = TimeZones.Find(zone);
        private readonly short[] minutesPlusOneDay = new short[100 * 366 * 24];

        public string Zone => zone;

        public TimeSpan At(DateTimeOffset instant)
        {
            var hour = (instant - First).Ticks / TimeSpan.TicksPerHour;
            if (hour < 0 || hour >= minutesPlusOneDay.Length)
                return rules.GetUtcOffset(instant);

            var known = minutesPlusOneDay[hour];
            if (known == 0)
                minutesPlusOneDay[hour] = known = (short)(rules.GetUtcOffset(instant).TotalMinutes + 1440);
            return TimeSpan.FromMinutes(known - 1440);
        }
    }
}
