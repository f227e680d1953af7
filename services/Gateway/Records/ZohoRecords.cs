using System.Collections.Concurrent;
using LeadSync.Contracts;
using LeadSync.Gateway.Zoho.Apis;
using LeadSync.Gateway.Zoho.Calls;
using LeadSync.Gateway.Zoho.Fields;

namespace LeadSync.Gateway.Records;

/// <summary>Reads whole leads, although Zoho limits the leads and fields of a call, and people change leads meanwhile.</summary>
internal sealed class ZohoRecords(IRecordsApi zoho, LeadFieldCatalog catalog, ZohoClock zohoClock)
{
    private const int Rounds = 3;

    // Fifty leads, halved six times, are single leads.
    private const int MostRejections = 6;

    // More failures at once are not the fault of single leads.
    private const int MostFailures = 5;

    // Fields that Zoho does not show in a single read either. To ask for them again would only cost credits.
    private readonly ConcurrentDictionary<string, bool> shownNowhere = new();

    /// <summary>One answer for each id, in no order.</summary>
    /// <exception cref="ZohoException">Zoho could not be asked. An error about one lead alone is that lead's answer.</exception>
    public async Task<IReadOnlyList<LeadAnswer>> Read(IReadOnlyCollection<string> ids, Lane lane, CancellationToken ct)
    {
        var fields = await catalog.Current(ct);
        var blocks = await Task.WhenAll(
            ids.Chunk(ZohoLimits.IdsPerCall).Select(block => ReadBlock(block, fields, lane, rejections: 0, ct)));
        return Plausible([.. blocks.SelectMany(answers => answers)]);
    }

    /// <summary>Asks for the leads without their fields: one call for many, however many fields are synced.</summary>
    /// <returns>Leads that Zoho does not show. Only a full reading says whether Zoho shows the others.</returns>
    /// <exception cref="ZohoException">Zoho could not be asked.</exception>
    public async Task<IReadOnlyList<AbsentLead>> FindAbsent(IReadOnlyCollection<string> ids, Lane lane, CancellationToken ct)
    {
        var blocks = await Task.WhenAll(ids.Chunk(ZohoLimits.IdsPerCall).Select(block => FindAbsentIn(block, lane, ct)));
        return [.. blocks.SelectMany(absent => absent)];
    }

    private async Task<IEnumerable<AbsentLead>> FindAbsentIn(string[] ids, Lane lane, CancellationToken ct)
    {
        var observedAt = zohoClock.Now;
        try
        {
            var shown = await zoho.ReadLeads(ids, [], lane, ct);
            return ids.Except(shown.Select(lead => lead.Id)).Select(id => new AbsentLead(id, observedAt));
        }
        catch (ZohoException e) when (e.Kind == ZohoErrorKind.Rejected)
        {
            // The full reading finds the id that Zoho does not accept.
            return [];
        }
    }

    /// <summary>Reads each lead alone: every field, every text in full.</summary>
    /// <exception cref="ZohoException">Zoho could not be asked.</exception>
    public async Task<IReadOnlyList<LeadAnswer>> ReadSingly(IReadOnlyCollection<string> ids, Lane lane, CancellationToken ct) =>
        ids.Count == 0 ? [] : Plausible(await ReadEach([.. ids], await catalog.Current(ct), lane, ct));

    /// <summary>Reads leads by one call, or by several where Zoho does not accept so many at once.</summary>
    /// <param name="rejections">How many calls for these leads Zoho has rejected.</param>
    private async Task<IEnumerable<LeadAnswer>> ReadBlock(string[] ids, LeadFields fields, Lane lane, int rejections, CancellationToken ct)
    {
        try
        {
            return await ReadTogether(ids, fields, lane, ct);
        }
        catch (ZohoException e) when (e.Kind == ZohoErrorKind.Rejected)
        {
            // One malformed id, or a field that was removed, must not fail the other leads.
            catalog.Expire();
        }
        catch (ZohoException e) when (IsFailure(e))
        {
            // One lead at which Zoho fails must not fail the others. When Zoho fails at every call, the circuit breaker soon stops all of
            // them.
        }

        var now = await catalog.Current(ct);
        if (now.FieldSet != fields.FieldSet && rejections == 0)
            return await ReadBlock(ids, now, lane, rejections + 1, ct);
        if (ids.Length == 1 || rejections >= MostRejections)
            return await ReadEach(ids, now, lane, ct);

        var half = ids.Length / 2;
        return (await ReadBlock(ids[..half], now, lane, rejections + 1, ct))
            .Concat(await ReadBlock(ids[half..], now, lane, rejections + 1, ct));
    }

    private async Task<IEnumerable<LeadAnswer>> ReadTogether(string[] ids, LeadFields fields, Lane lane, CancellationToken ct)
    {
        var answers = new List<LeadAnswer>();
        for (var round = 1; round <= Rounds && ids.Length > 0; round++)
        {
            var observedAt = zohoClock.Now;
            var chunks = fields.Fields.Chunk(ZohoLimits.FieldsPerCall).DefaultIfEmpty([]);
            var parts = await Task.WhenAll(chunks.Select(chunk => zoho.ReadLeads(ids, chunk, lane, ct)));
            var shown = parts.SelectMany(part => part).ToLookup(part => part.Id);
            var whole = ids
                .Select(id => LeadParts.Merge(id, [.. shown[id]], parts.Length, fields.FieldSet, observedAt))
                .OfType<LeadAnswer>()
                .ToList();
            answers.AddRange(await ReadTruncatedTexts(
                await Task.WhenAll(whole.Select(answer => Complete(answer, fields, lane, ct))), fields, lane, ct));
            ids = [.. ids.Except(whole.Select(answer => answer.Id))];
        }

        return answers.Concat(await ReadEach(ids, fields, lane, ct));
    }

    private async Task<IReadOnlyList<LeadAnswer>> ReadEach(string[] ids, LeadFields fields, Lane lane, CancellationToken ct) =>
        await ReadTruncatedTexts(await Task.WhenAll(ids.Select(id => ReadSingly(id, fields, lane, ct))), fields, lane, ct);

    private async Task<LeadAnswer> ReadSingly(string id, LeadFields fields, Lane lane, CancellationToken ct)
    {
        var observedAt = zohoClock.Now;
        try
        {
            var part = await zoho.ReadLead(id, fields.Fields, lane, ct);
            return LeadParts.Merge(id, part is null ? [] : [part], calls: 1, fields.FieldSet, observedAt)!;
        }
        catch (ZohoException e) when (e.Kind == ZohoErrorKind.NotFound || e.Code == "INVALID_DATA")
        {
            return new AbsentLead(id, observedAt);
        }
        catch (ZohoException e) when (IsFailure(e))
        {
            // Zoho fails at this lead, or at every call. Another call shows which.
            await zoho.ListDeleted(zohoClock.Now, page: 1, lane, ct);
            return new UnreadableLead(id, observedAt, e);
        }
        catch (ZohoException e) when (e.Kind is ZohoErrorKind.Permission or ZohoErrorKind.Rejected)
        {
            // The gateway reads a lead alone only after Zoho has answered a call about several. So this refusal concerns this lead alone.
            return new UnreadableLead(id, observedAt, e);
        }
    }

    /// <summary>Reads a lead alone when a list may have cut its texts or left out a field.</summary>
    private async Task<LeadAnswer> Complete(LeadAnswer answer, LeadFields fields, Lane lane, CancellationToken ct)
    {
        if (answer is not SeenLead seen)
            return answer;

        var cut = LeadParts.CutInLists(seen.Content, fields).Select(field => field.ApiName).ToList();
        if (cut.Count == 0 && LeadParts.LeftOut(seen, fields).All(field => shownNowhere.ContainsKey(field.ApiName)))
            return answer;
        // When the lead cannot be read alone, its cut texts are unknown rather than wrong.
        if (await ReadSingly(seen.Id, fields, lane, ct) is not SeenLead whole)
            return seen with { Content = LeadParts.Without(seen.Content, cut) };

        foreach (var field in LeadParts.LeftOut(whole, fields))
            shownNowhere.TryAdd(field.ApiName, true);
        return whole;
    }

    /// <summary>
    /// Reads texts that Zoho may have cut. Zoho cuts rich texts in lists, and probably in single reads; it may cut other texts too. A text
    /// that cannot be read in full is unknown until a bulk read shows it.
    /// </summary>
    private async Task<IReadOnlyList<LeadAnswer>> ReadTruncatedTexts(
        IReadOnlyList<LeadAnswer> answers, LeadFields fields, Lane lane, CancellationToken ct)
    {
        var cut = answers.OfType<SeenLead>()
            .Select(lead => (lead.Id, Fields: LeadParts.CutInSingleReads(lead.Content, fields).ToList()))
            .Where(lead => lead.Fields.Count > 0)
            .ToDictionary(lead => lead.Id, lead => lead.Fields);
        if (cut.Count == 0)
            return answers;

        var texts = await zoho.ReadFullTexts(cut.Keys, [.. cut.Values.SelectMany(names => names).Distinct()], lane, ct);
        var full = texts.ToDictionary(part => part.Id);
        return [.. answers.Select(answer => answer is SeenLead seen && cut.TryGetValue(seen.Id, out var names)
            ? seen with { Content = LeadParts.With(seen.Content, names, full.GetValueOrDefault(seen.Id)) }
            : answer)];
    }

    private static bool IsFailure(ZohoException e) => e is { Kind: ZohoErrorKind.Unavailable, Status: 500 };

    private static IReadOnlyList<LeadAnswer> Plausible(IReadOnlyList<LeadAnswer> answers)
    {
        var failed = answers.OfType<UnreadableLead>().Where(lead => IsFailure(lead.Problem)).ToList();
        return failed.Count > MostFailures ? throw failed[0].Problem : answers;
    }
}
