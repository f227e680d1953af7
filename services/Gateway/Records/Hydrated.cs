using LeadSync.Contracts;
using LeadSync.Gateway.Zoho;

namespace LeadSync.Gateway.Records;

/// <summary>What came of announced leads.</summary>
internal sealed class Hydrated
{
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(1);

    // Before Zoho is asked again after it could not be asked; doubled each time. Shorter than RabbitMQ keeps a delivery waiting.
    private static readonly TimeSpan FirstPause = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(15);

    // About a day.
    private const int MostFailures = 100;

    /// <summary>What is known now.</summary>
    public List<LeadChanged> Changes { get; } = [];

    /// <summary>What has to be looked at again, and after which pause.</summary>
    public List<(AnnouncedLead Lead, TimeSpan Pause)> Later { get; } = [];

    /// <summary>Leads of which nothing can be published now.</summary>
    public List<LeadToPark> ToPark { get; } = [];

    /// <summary>Leads that can neither be read nor were deleted, however often looked at; the full comparison settles them.</summary>
    public List<string> GivenUp { get; } = [];

    /// <summary>What a catch-up has to make up for.</summary>
    public GapDetected? Gap { get; private init; }

    /// <summary>
    /// Zoho could not be asked. A catch-up makes up for what notifications announced. It would find nothing else, because nothing else was
    /// announced when it was modified: that is looked at again, with growing pauses, and parked after about a day.
    /// </summary>
    public static Hydrated Failed(IReadOnlyCollection<AnnouncedLead> announced, ZohoException problem, DateTimeOffset now)
    {
        var notified = announced.Where(lead => lead.Source == Source.Notification).ToList();
        var hydrated = new Hydrated
        {
            // Every failure of a kind has the same cause, so that they are one gap.
            Gap = notified.Count == 0
                ? null
                : new GapDetected(
                    $"Zoho could not be read: {problem.Advice}.",
                    notified.Min(lead => lead.AnnouncedAt) - Margin,
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

    // A process that has never reached Zoho does not know its clock.
    private static DateTimeOffset Latest(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}
