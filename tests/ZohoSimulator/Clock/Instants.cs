using System.Globalization;

namespace LeadSync.ZohoSimulator.Clock;

internal static class Instants
{
    private static readonly string[] Formats = ["yyyy-MM-dd'T'HH:mm:sszzz", "yyyy-MM-dd'T'HH:mm:ss'Z'"];

    /// <summary>Reads an instant as Zoho wants it in requests: ISO 8601 with an offset. Zoho: milliseconds are rejected.</summary>
    public static bool TryRead(string? text, out DateTimeOffset instant) =>
        DateTimeOffset.TryParseExact(text, Formats, CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out instant);
}
