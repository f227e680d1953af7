using System.Runtime.CompilerServices;
using LeadSync.Contracts;
using LeadSync.Gateway.Records;
using LeadSync.Gateway.Zoho.Apis;
using LeadSync.Gateway.Zoho.Calls;
using LeadSync.Gateway.Zoho.Fields;

namespace LeadSync.Gateway.CatchUps;

/// <summary>A part of what a catch-up reads.</summary>
internal abstract record CatchUpPart
{
    public sealed record Page(CatchUpPageReady Ready) : CatchUpPart;

    public sealed record Parked(LeadToPark Lead) : CatchUpPart;

    /// <summary>Leads that Zoho lists as modified, and shows neither as records nor as deleted: the gateway looks at them again.</summary>
    public sealed record Unfound(IReadOnlyList<AnnouncedLead> Leads) : CatchUpPart;

    /// <summary>The end: everything was read.</summary>
    public sealed record End(CatchUpRead Read) : CatchUpPart;

    /// <summary>The end: the modified leads have to be read in bulk.</summary>
    public sealed record TooLarge(CatchUpTooLarge Left) : CatchUpPart;
}

/// <summary>Lists what was modified and what was deleted since a moment, and reads those leads.</summary>
internal sealed partial class CatchUpReading(
    IRecordsApi zoho, IWatchApi watch, ZohoRecords records, LeadFieldCatalog catalog, ZohoClock zohoClock, ILogger<CatchUpReading> log)
{
    private const int LeadsAtATime = 200;

    // Zoho: a change in the second of a reading may be visible only to the next reading.
    private static readonly TimeSpan VisibilityLag = TimeSpan.FromSeconds(5);

    /// <summary>Yields what it reads, and at last one of the two ends. Deleted leads are on the pages in both cases, because a bulk read
    /// never shows them.</summary>
    /// <exception cref="ZohoException">The catch-up could not be finished.</exception>
    public async IAsyncEnumerable<CatchUpPart> Read(CatchUp catchUp, [EnumeratorCancellation] CancellationToken ct)
    {
        var fields = await catalog.Latest(ct);
        var until = Until(catchUp.Since, await zohoClock.Ask(watch, ct));
        var modified = await ModifiedLeads.Read(zoho, catchUp.Since, MostLeads(catchUp, fields), ct);
        var deleted = await DeletedLeads.Read(zoho, catchUp.DeletedSince ?? catchUp.Since, wanted: null, Lane.Background, ct);
        if (!deleted.IsComplete)
            TooManyDeleted(deleted.Times.Count);

        var pages = new LeadPages();
        foreach (var ids in deleted.Times.Keys.Union(modified.IsComplete ? modified.Times.Keys : []).Chunk(LeadsAtATime))
        {
            var answers = await Confirm(await Read(ids, deleted, ct), deleted, ct);
            foreach (var answer in answers)
            {
                if ((answer as LeadToPark ?? (answer as SeenLead)?.InvalidPart) is { } toPark)
                    yield return new CatchUpPart.Parked(toPark);
                if (Changed(answer, deleted) is { } change && pages.Add(change) is { } page)
                    yield return new CatchUpPart.Page(new(catchUp.CatchUpId, pages.Count, page));
            }

            var unfound = answers.OfType<AbsentLead>().Where(absent => !deleted.Times.ContainsKey(absent.Id)).ToList();
            if (unfound.Count > 0)
                yield return new CatchUpPart.Unfound(
                    [.. unfound.Select(absent => new AnnouncedLead(absent.Id, Source.CatchUp, absent.ObservedAt, Attempt: 0))]);
        }

        if (pages.Rest() is { } last)
            yield return new CatchUpPart.Page(new(catchUp.CatchUpId, pages.Count, last));
        var latest = modified.LatestBefore(until - ZohoLimits.NotificationDelay);
        yield return modified.IsComplete
            ? new CatchUpPart.End(new(
                catchUp.CatchUpId, until, pages.Count, pages.Leads, deleted.Times.Values.Max(), latest,
                AreDeletionsComplete: deleted.IsComplete))
            : new CatchUpPart.TooLarge(new(catchUp.CatchUpId, catchUp.Since, latest));
    }

    // Zoho shows a deleted lead only after somebody has restored it.
    private async Task<IReadOnlyList<LeadAnswer>> Read(string[] ids, DeletedLeads deleted, CancellationToken ct)
    {
        var absent = await records.FindAbsent([.. ids.Where(deleted.Times.ContainsKey)], Lane.Background, ct);
        return [.. absent, .. await records.Read([.. ids.Except(absent.Select(lead => lead.Id))], Lane.Background, ct)];
    }

    // After a bulk read has taken the place of the last catch-up, this catch-up has to end, whatever it costs. Where leads are modified
    // without pause, another bulk read would be as far behind as the last, and the sync would never be complete.
    private static int MostLeads(CatchUp catchUp, LeadFields fields) => catchUp.DeletedSince < catchUp.Since
        ? CatchUpCost.MaxLeadsWhateverTheCost
        : CatchUpCost.MostLeads(fields.Fields.Count);

    /// <summary>The moment up to which a catch-up that begins now reads everything: whole seconds, without the seconds that may still
    /// change.</summary>
    private static DateTimeOffset Until(DateTimeOffset since, DateTimeOffset now)
    {
        var until = now - VisibilityLag;
        until = until.AddTicks(-(until.Ticks % TimeSpan.TicksPerSecond));
        return until > since ? until : since;
    }

    // Zoho's list can leave out a lead that exists, and no later catch-up would list this lead again. So the lead is read alone.
    private async Task<IReadOnlyList<LeadAnswer>> Confirm(IReadOnlyList<LeadAnswer> answers, DeletedLeads deleted, CancellationToken ct)
    {
        var doubtful = answers.OfType<AbsentLead>().Where(absent => !deleted.Times.ContainsKey(absent.Id)).ToList();
        return
        [
            .. answers.Except(doubtful),
            .. await records.ReadSingly([.. doubtful.Select(absent => absent.Id)], Lane.Background, ct),
        ];
    }

    // A lead that is listed as deleted and can be read was restored.
    private static LeadChanged? Changed(LeadAnswer answer, DeletedLeads deleted) => answer switch
    {
        SeenLead seen => seen.Changed(Source.CatchUp),
        AbsentLead absent when deleted.Times.TryGetValue(absent.Id, out var deletedAt) => absent.Gone(Source.CatchUp, deletedAt),
        _ => null,
    };

    [LoggerMessage(Level = LogLevel.Warning, Message =
        "Zoho lists more deleted leads than the gateway can read. It read {Count}; the next full comparison finds the others")]
    private partial void TooManyDeleted(int count);
}
