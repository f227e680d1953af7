using System.Diagnostics;
using LeadSync.Contracts;
using LeadSync.Gateway.Records;
using LeadSync.ServiceDefaults.Telemetry;

namespace LeadSync.Gateway.Notifications;

/// <summary>Keeps one trace for each lead from its notification to the projector, although many leads are hydrated together, and measures
/// how long each lead takes until it is published.</summary>
internal sealed class HydrationTraces(IReadOnlyList<AnnouncedLead> announced) : IDisposable
{
    private readonly Dictionary<string, (AnnouncedLead Lead, Activity? Span)> leads = announced.ToDictionary(
        lead => lead.Id, lead => (lead, LeadSyncTelemetry.StartInTraceOf(lead.TraceParent, "hydrate lead")));

    /// <summary>The change with its trace. A change that a notification announced also gets the times that measure its delay.</summary>
    public LeadChanged Stamped(LeadChanged change, DateTimeOffset now)
    {
        var (lead, span) = leads[change.Id];
        var traced = change with { TraceParent = span?.Id ?? lead.TraceParent };
        return lead is { Source: Source.Notification, Attempt: 0 }
            ? traced with { ReceivedAt = lead.AnnouncedAt, PublishedAt = now } : traced;
    }

    public static void Measure(IEnumerable<LeadChanged> published, DateTimeOffset now)
    {
        foreach (var change in published)
        {
            if (change.ReceivedAt is not { } received)
                continue;

            if (change.Content is { } content)
                ChangeDuration.Record("announced", received - content.ModifiedTime);
            ChangeDuration.Record("hydrated", now - received);
        }
    }

    public void Dispose()
    {
        foreach (var (_, span) in leads.Values)
            span?.Dispose();
    }
}
