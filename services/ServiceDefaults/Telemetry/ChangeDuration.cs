using System.Diagnostics.Metrics;

namespace LeadSync.ServiceDefaults.Telemetry;

/// <summary>
/// The durations of a live change's stages. <c>announced</c>: from Zoho's modified time (whole seconds) to its notification.
/// <c>hydrated</c>: from there until the gateway has read and published the lead. <c>folded</c>: from there until the projector has
/// committed it. <c>visible</c>: the sum.
/// </summary>
public static class ChangeDuration
{
    private static readonly Histogram<double> Duration = LeadSyncTelemetry.Meter.CreateHistogram<double>(
        "leadsync.change.duration", "s", "How long each stage of a live change took.");

    public static void Record(string stage, TimeSpan duration) =>
        Duration.Record(Math.Max(0, duration.TotalSeconds), new KeyValuePair<string, object?>("stage", stage));
}
