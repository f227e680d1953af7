using LeadSync.Contracts;

namespace LeadSync.Gateway.Records;

/// <summary>What came of announced leads.</summary>
internal sealed class Hydrated
{
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan ComparisonPause = TimeSpan.FromMinutes(1);

    /// <summary>What is known now.</summary>
    public List<LeadChanged> Changes { get; } = [];

    /// <summary>What has to be looked at again, and after which pause.</summary>
    public List<(AnnouncedLead Lead, TimeSpan Pause)> Later { get; } = [];

    /// <summary>Leads that no row can hold.</summary>
    public List<OddLead> Odd { get; } = [];

    /// <summary>Leads that can neither be read nor were deleted, however often looked at; the full comparison settles them.</summary>
    public List<string> GivenUp { get; } = [];

    /// <summary>What a catch-up has to make up for.</summary>
    public GapDetected? Gap { get; private init; }

    /// <summary>Zoho could not be read: a catch-up does it later. What a full comparison misses no catch-up finds; that is looked at
    /// again.</summary>
    public static Hydrated Failed(IReadOnlyCollection<AnnouncedLead> announced, string reason, DateTimeOffset now)
    {
        var missing = announced.Where(lead => lead.Source == Source.FullComparison).ToList();
        var changed = announced.Except(missing).ToList();
        var hydrated = new Hydrated
        {
            Gap = changed.Count == 0
                ? null
                : new GapDetected($"Zoho could not be read: {reason}.", changed.Min(lead => lead.AnnouncedAt) - Margin, Latest(changed.Max(lead => lead.AnnouncedAt), now)),
        };
        hydrated.Later.AddRange(missing.Select(lead => (lead, ComparisonPause)));
        return hydrated;
    }

    // A process that has never reached Zoho does not know its clock.
    private static DateTimeOffset Latest(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}
