using System.Globalization;

namespace LeadSync.ZohoSimulator.Clock;

internal static class TimeZones
{
    /// <summary>The time zone of Zoho's offices. It is defined here, because a machine may lack the time zone data.</summary>
    public const string Pacific = "America/Los_Angeles";

    /// <param name="name">An offset (<c>+05:30</c>) or an IANA name (<c>Europe/Berlin</c>).</param>
    public static TimeZoneInfo Find(string name)
    {
        if (name.Length == 0)
            return TimeZoneInfo.Utc;
        if (name[0] is '+' or '-')
            return Fixed(name);
        return name == Pacific ? LosAngeles() : TimeZoneInfo.FindSystemTimeZoneById(name);
    }

    private static TimeZoneInfo Fixed(string name)
    {
        var offset = TimeSpan.ParseExact(name[1..], @"hh\:mm", CultureInfo.InvariantCulture);
        return TimeZoneInfo.CreateCustomTimeZone(name, name[0] == '-' ? -offset : offset, name, name);
    }

    // The rule of the United States since 2007: second Sunday of March to first Sunday of November, 02:00 local time.
    private static TimeZoneInfo LosAngeles()
    {
        var twoInTheMorning = new DateTime(1, 1, 1, 2, 0, 0);
        var summer = TimeZoneInfo.AdjustmentRule.CreateAdjustmentRule(
            new DateTime(2007, 1, 1), DateTime.MaxValue.Date, TimeSpan.FromHours(1),
            TimeZoneInfo.TransitionTime.CreateFloatingDateRule(twoInTheMorning, 3, 2, DayOfWeek.Sunday),
            TimeZoneInfo.TransitionTime.CreateFloatingDateRule(twoInTheMorning, 11, 1, DayOfWeek.Sunday));
        return TimeZoneInfo.CreateCustomTimeZone(Pacific, TimeSpan.FromHours(-8), Pacific, Pacific, Pacific, [summer]);
    }
}
