using LeadSync.Contracts;
using LeadSync.Gateway.Zoho;

namespace LeadSync.Gateway.Records;

/// <summary>
/// Turns announcements into observations. A lead that can be read was seen. A lead that cannot be read is gone when Zoho lists it as
/// deleted, or when a full comparison missed it and it cannot be read alone either. The gateway looks at all others again.
/// </summary>
internal sealed class Hydration(IRecordsApi zoho, ZohoRecords records)
{
    /// <summary>The pauses before a lead is looked at again.</summary>
    private static readonly TimeSpan[] Pauses = [TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(1)];

    // Zoho announces a change within a second or two. A lead whose modified time is long before its announcement was read from one of
    // Zoho's replicas that lags behind, or was announced late. The gateway looks once more; the rest is left to the catch-ups.
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(5);

    // Zoho does not say which time filters the list of deleted records, so the reading overlaps.
    private static readonly TimeSpan DeletedListOverlap = TimeSpan.FromMinutes(5);

    // A full comparison misses what was deleted since the one of the day before.
    private static readonly TimeSpan ComparisonOverlap = TimeSpan.FromDays(2);

    public async Task<HydrationResult> Hydrate(IReadOnlyCollection<AnnouncedLead> announced, CancellationToken ct)
    {
        var leads = announced.ToDictionary(lead => lead.Id);
        var lane = announced.Any(lead => lead.Source == Source.Notification) ? Lane.Live : Lane.Background;
        var answers = await records.Read(leads.Keys, lane, ct);
        var deleted = await Deleted([.. answers.OfType<AbsentLead>().Select(answer => leads[answer.Id])], lane, ct);
        answers = await Task.WhenAll(answers.Select(answer => Confirm(answer, leads[answer.Id], deleted, lane, ct)));

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
        return (await DeletedLeads.Read(zoho, since, [.. absent.Select(lead => lead.Id)], lane, ct)).Times;
    }

    // Zoho lists deleted records for 60 or 120 days only, and a comparison may find a lead that has been missing for longer. A lead that
    // Zoho leaves out of lists, for instance because it waits for an approval, can be read alone.
    private async Task<LeadAnswer> Confirm(
        LeadAnswer answer, AnnouncedLead lead, IReadOnlyDictionary<string, DateTimeOffset?> deleted, Lane lane, CancellationToken ct) =>
        answer is AbsentLead && (lead.Source == Source.FullComparison || lead.Attempt > 0) && !deleted.ContainsKey(lead.Id)
            ? await records.ReadSingly(lead.Id, lane, ct)
            : answer;

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
            case AbsentLead when lead.Attempt < Pauses.Length:
                hydrated.Later.Add((lead with { Attempt = lead.Attempt + 1 }, Pauses[lead.Attempt]));
                break;
            default:
                hydrated.GivenUp.Add(lead.Id);
                break;
        }
    }
}
