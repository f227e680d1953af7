using LeadSync.Contracts;
using LeadSync.Gateway.Zoho;

namespace LeadSync.Gateway.Records;

/// <summary>The result of hydrating announced leads.</summary>
internal sealed class HydrationResult
{
    private static readonly TimeSpan BeforeTheAnnouncement = TimeSpan.FromMinutes(1);

    // The pause after the first failure to ask Zoho; doubled each time. Shorter than RabbitMQ leaves a delivery unacknowledged.
    private static readonly TimeSpan FirstPause = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(15);

    // About a day.
    private const int MostFailures = 100;

    /// <summary>The changes to publish.</summary>
    public List<LeadChanged> Changes { get; } = [];

    /// <summary>Leads to look at again, each after its pause.</summary>
    public List<(AnnouncedLead Lead, TimeSpan Pause)> Later { get; } = [];

    /// <summary>Leads that have to be parked.</summary>
    public List<LeadToPark> ToPark { get; } = [];

    /// <summary>Leads that can neither be read nor are listed as deleted, after all attempts. The full comparison settles them.</summary>
    public List<string> GivenUp { get; } = [];

    /// <summary>The gap that a catch-up has to close.</summary>
    public GapDetected? Gap { get; private init; }

    /// <summary>
    /// Zoho could not be asked. A catch-up finds the leads that notifications announced. It would not find the others, which were announced
    /// without having been modified: they are looked at again, with growing pauses, and parked after about a day.
    /// </summary>
    public static HydrationResult Failed(IReadOnlyCollection<AnnouncedLead> announced, ZohoException problem, DateTimeOffset now)
    {
        var notified = announced.Where(lead => lead.Source == Source.Notification).ToList();
        var hydrated = new HydrationResult
        {
            // All failures of a kind have the same cause, so they are one gap.
            Gap = notified.Count == 0
                ? null
                : new GapDetected(
                    $"Zoho could not be read: {problem.Advice}.",
                    notified.Min(lead => lead.AnnouncedAt) - BeforeTheAnnouncement,
                    Latest(notified.Max(lead => lead.AnnouncedAt), now),
                    GapKind.Unreadable),
        };
        foreach (var lead in announced.Except(notified))
        {
            if (lead.Failures < MostFailures)
                hydrated.Later.Add((lead with { Failures = lead.Failures + 1 }, Pause(lead.Failures)));
            else
                hydrated.ToPark.Add(new UnaskedLead(lead.Id, now));
        }

        return hydrated;
    }

    private static TimeSpan Pause(int failures) =>
        TimeSpan.FromTicks(Math.Min(LongestPause.Ticks, FirstPause.Ticks << Math.Min(failures, 8)));

    // A process that has never reached Zoho does not know Zoho's clock.
    private static DateTimeOffset Latest(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}
