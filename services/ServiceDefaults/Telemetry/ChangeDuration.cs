using System.Diagnostics.Metrics;

namespace LeadSync.ServiceDefaults.Telemetry;

/// <summary>
/// How long the stages of a live change take: <c>announced</c>, from Zoho's modified time (whole seconds) to its notification; <c>hydrated</c>, until
/// the lead was read and published; <c>folded</c>, until it was committed; <c>visible</c>, all of it.
/// </summary>
public static class ChangeDuration
{
    private static readonly Histogram<double> Duration = LeadSyncTelemetry.Meter.CreateHistogram<double>(
        "leadsync.change.duration", "s", "How long each stage of a live change took.");

    public static void Record(string stage, TimeSpan duration) =>
        Duration.Record(Math.Max(0, duration.TotalSeconds), new KeyValuePair<string, object?>("stage", stage));
}
