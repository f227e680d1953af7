using LeadSync.Contracts;
using LeadSync.Gateway.Zoho.Apis;
using LeadSync.Gateway.Zoho.Calls;

namespace LeadSync.Gateway.Records;

/// <summary>
/// Turns announcements into observations. A lead that can be read was seen. A lead that cannot be read is gone when Zoho lists it as
/// deleted, or when a full comparison missed it and it cannot be read alone either. The gateway looks at all others again, until it gives
/// them up or parks them.
/// </summary>
internal sealed class Hydration(IRecordsApi zoho, ZohoRecords records)
{
    /// <summary>The pauses before a lead is looked at again.</summary>
    private static readonly TimeSpan[] Pauses = [TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(1)];

    // Zoho does not say how late it lists a deletion. No later catch-up finds a lead that Zoho has listed as modified and does not show, so
    // the gateway makes one more attempt.
    private static readonly TimeSpan LastPause = TimeSpan.FromMinutes(15);

    // Zoho announces a change within a second or two. When a lead's modified time is long before its announcement, the answer came from a
    // replica of Zoho's that lags behind, or Zoho announced the lead late. The gateway looks once more, and leaves the rest to catch-ups.
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(5);

    // Zoho does not say which time filters the list of deleted records, so the reading overlaps.
    private static readonly TimeSpan DeletedListOverlap = TimeSpan.FromMinutes(5);

    // A full comparison runs once a day. A lead that it misses was deleted since the full comparison of the day before.
    private static readonly TimeSpan ComparisonOverlap = TimeSpan.FromDays(2);

    private const int Many = 20;

    public async Task<HydrationResult> Hydrate(IReadOnlyCollection<AnnouncedLead> announced, CancellationToken ct)
    {
        var leads = announced.ToDictionary(lead => lead.Id);
        var lane = announced.Any(lead => lead.Source == Source.Notification) ? Lane.Live : Lane.Background;
        var answers = await records.Read(leads.Keys, lane, ct);
        var deleted = await Deleted([.. answers.OfType<AbsentLead>().Select(answer => leads[answer.Id])], lane, ct);
        answers = await Confirm(answers, leads, deleted, lane, ct);

        var hydrated = new HydrationResult();
        foreach (var answer in answers)
            Decide(leads[answer.Id], answer, deleted, hydrated);
        return hydrated;
    }

    private async Task<IReadOnlyDictionary<string, DateTimeOffset?>> Deleted(List<AnnouncedLead> absent, Lane lane, CancellationToken ct)
    {
        if (absent.Count == 0)
            return new Dictionary<string, DateTimeOffset?>();

        var since = absent.Min(lead => lead.AnnouncedAt - (lead.Source == Source.FullComparison ? ComparisonOverlap : DeletedListOverlap));
        var listed = (await DeletedLeads.Read(zoho, since, [.. absent.Select(lead => lead.Id)], lane, ct)).Times;
        // An operator may release a full comparison days later, when its leads were deleted long before. Zoho's whole list shows 200 of
        // them for one credit, and reading alone shows one. So the gateway reads the whole list when many are left.
        string[] unlisted =
            [.. absent.Where(lead => lead.Source == Source.FullComparison && !listed.ContainsKey(lead.Id)).Select(lead => lead.Id)];
        return unlisted.Length < Many
            ? listed
            : listed.Concat((await DeletedLeads.Read(zoho, since: null, unlisted, lane, ct)).Times.ExceptBy(listed.Keys, lead => lead.Key))
                .ToDictionary();
    }

    // Zoho lists deleted records for 60 or 120 days only. A lead that has been missing for longer is in no list of deletions, so the
    // gateway reads it alone. Reading alone also finds leads that Zoho leaves out of lists, for instance before their approval.
    private async Task<IReadOnlyList<LeadAnswer>> Confirm(
        IReadOnlyList<LeadAnswer> answers, Dictionary<string, AnnouncedLead> leads, IReadOnlyDictionary<string, DateTimeOffset?> deleted,
        Lane lane, CancellationToken ct)
    {
        var doubtful = answers.OfType<AbsentLead>().Where(absent => !deleted.ContainsKey(absent.Id)
            && leads[absent.Id] is { Source: Source.FullComparison } or { Attempt: > 0 }).ToList();
        return [.. answers.Except(doubtful), .. await records.ReadSingly([.. doubtful.Select(absent => absent.Id)], lane, ct)];
    }

    /// <summary>When the gateway looks again at a lead that Zoho has shown neither as a record nor as deleted; null when it does
    /// not.</summary>
    public static (AnnouncedLead Lead, TimeSpan Pause)? Again(AnnouncedLead lead) =>
        lead.Attempt < Pauses.Length ? (lead with { Attempt = lead.Attempt + 1 }, Pauses[lead.Attempt])
        : lead.Attempt == Pauses.Length && IsListed(lead) ? (lead with { Attempt = lead.Attempt + 1 }, LastPause)
        : null;

    // Zoho has listed the lead, so a full comparison does not settle it.
    private static bool IsListed(AnnouncedLead lead) => lead.Source is Source.CatchUp or Source.BulkPage;

    private static void Decide(
        AnnouncedLead lead, LeadAnswer answer, IReadOnlyDictionary<string, DateTimeOffset?> deleted, HydrationResult hydrated)
    {
        switch (answer)
        {
            case SeenLead seen:
                hydrated.Changes.Add(seen.Changed(lead.Source));
                if (seen.InvalidPart is { } invalid)
                    hydrated.ToPark.Add(invalid);
                if (lead is { Source: Source.Notification, Attempt: 0 } && seen.Content.ModifiedTime < lead.AnnouncedAt - Freshness)
                    hydrated.Later.Add((lead with { Attempt = 1 }, Pauses[0]));
                break;
            case LeadToPark unusable:
                hydrated.ToPark.Add(unusable);
                break;
            case AbsentLead absent when deleted.TryGetValue(lead.Id, out var deletedAt):
                hydrated.Changes.Add(absent.Gone(lead.Source, deletedAt));
                break;
            case AbsentLead absent when lead.Source == Source.FullComparison:
                hydrated.Changes.Add(absent.Gone(lead.Source, deletedAt: null));
                break;
            case AbsentLead when Again(lead) is { } again:
                hydrated.Later.Add(again);
                break;
            case AbsentLead absent when IsListed(lead):
                hydrated.ToPark.Add(new UnfoundLead(lead.Id, absent.ObservedAt));
                break;
            default:
                hydrated.GivenUp.Add(lead.Id);
                break;
        }
    }
}

/// <summary>The result of hydrating announced leads.</summary>
internal sealed class HydrationResult
{
    private static readonly TimeSpan BeforeTheAnnouncement = TimeSpan.FromMinutes(1);

    // The pauses after failures to ask Zoho, each twice as long as the one before. Even the longest is shorter than the time for which
    // RabbitMQ leaves a delivery unacknowledged.
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
    /// The result when Zoho could not be asked. A catch-up finds the leads that notifications announced. It would not find the others,
    /// because nobody has modified them since. The gateway looks at those again, with growing pauses, and parks them after about a day.
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
                    $"The gateway could not read announced leads: {problem.Advice}.",
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
