using System.Globalization;

namespace LeadSync.Chaos.Verdict;

/// <summary>Finds errors in the services' logs that no fault explains.</summary>
internal static class ServiceLogs
{
    // 2026-01-31T12:00:00.000Z
    private const int TimestampLength = 24;

    /// <summary>Errors outside of faults, and unhandled exceptions at any time.</summary>
    public static IEnumerable<string> Unexpected(string file, FaultLog faults)
    {
        foreach (var line in File.Exists(file) ? File.ReadLines(file) : [])
        {
            var isUnhandled = line.Contains(" crit: ", StringComparison.Ordinal)
                || line.Contains("Unhandled exception", StringComparison.Ordinal);
            var isError = line.Length > TimestampLength && line.AsSpan(TimestampLength).StartsWith(" fail: ");
            if (isUnhandled || (isError && At(line) is { } at && !faults.IsOn(at)))
                yield return $"{Path.GetFileNameWithoutExtension(file)}: {line}";
        }
    }

    private static DateTimeOffset? At(string line) =>
        DateTimeOffset.TryParse(line.AsSpan(0, TimestampLength), CultureInfo.InvariantCulture, out var at) ? at : null;
}
