using System.Diagnostics;
using LeadSync.Contracts;
using LeadSync.Gateway.Records;
using LeadSync.ServiceDefaults.Telemetry;

namespace LeadSync.Gateway.Notifications;

/// <summary>One trace for each lead from its notification to the projector, although many leads are hydrated at once; and how long the way was so far.</summary>
internal sealed class HydrationTraces(IReadOnlyList<AnnouncedLead> announced) : IDisposable
{
    private readonly Dictionary<string, (AnnouncedLead Lead, Activity? Span)> leads = announced.ToDictionary(
        lead => lead.Id, lead => (lead, LeadSyncTelemetry.StartInTraceOf(lead.TraceParent, "hydrate lead")));

    /// <summary>The change with its trace; of one that Zoho notified us of, with the times that its way is measured by.</summary>
    public LeadChanged Stamped(LeadChanged change, DateTimeOffset now)
    {
        var (lead, span) = leads[change.Id];
        var traced = change with { TraceParent = span?.Id ?? lead.TraceParent };
        return lead is { Source: Source.Notification, Attempt: 0 } ? traced with { ReceivedAt = lead.AnnouncedAt, PublishedAt = now } : traced;
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
