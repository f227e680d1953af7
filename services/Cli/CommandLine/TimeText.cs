using System.Globalization;
using LeadSync.ServiceDefaults;

namespace LeadSync.Cli.CommandLine;

/// <summary>Times for people. An instant is in UTC, as in the logs.</summary>
internal static class TimeText
{
    public static string Ago(DateTimeOffset then, DateTimeOffset now) =>
        then <= now ? $"{InWords.Span(now - then)} ago" : $"in {InWords.Span(then - now)}";

    public static string Instant(DateTimeOffset instant) =>
        instant.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
