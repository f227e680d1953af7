using LeadSync.Contracts;
using LeadSync.Gateway.Zoho;

namespace LeadSync.Gateway.Records;

/// <summary>Reads leads whole, although Zoho shows at most 50 leads and 50 fields a call, and people work meanwhile.</summary>
internal sealed class ZohoRecords(IZoho zoho, LeadFieldCatalog catalog, ZohoClock clock)
{
    private const int LeadsPerCall = 50;

    // 50 with id and Modified_Time.
    private const int FieldsPerCall = 48;

    private const int Rounds = 3;

    // Zoho: a list read cuts longer texts.
    private const int CutLength = 500;

    /// <summary>One answer for each id, in no order.</summary>
    public async Task<IReadOnlyList<LeadAnswer>> Read(IReadOnlyCollection<string> ids, CancellationToken ct)
    {
        var fields = await catalog.Current(ct);
        var blocks = await Task.WhenAll(ids.Chunk(LeadsPerCall).Select(block => ReadBlock(block, fields, ct)));
        return [.. blocks.SelectMany(answers => answers)];
    }

    /// <summary>Reads one lead by itself: every field, every text in full.</summary>
    public async Task<LeadAnswer> ReadSingly(string id, CancellationToken ct) =>
        await ReadSingly(id, await catalog.Current(ct), ct);

    private async Task<IEnumerable<LeadAnswer>> ReadBlock(string[] ids, LeadFields fields, CancellationToken ct)
    {
        try
        {
            return await ReadTogether(ids, fields, ct);
        }
        catch (ZohoException e) when (e.Kind == ZohoErrorKind.Rejected)
        {
            // One odd id, or a field that was removed, must not take the other leads along.
            catalog.Expire();
            return await ReadEach(ids, fields, ct);
        }
    }

    private async Task<IEnumerable<LeadAnswer>> ReadTogether(string[] ids, LeadFields fields, CancellationToken ct)
    {
        var answers = new List<LeadAnswer>();
        for (var round = 1; round <= Rounds && ids.Length > 0; round++)
        {
            var observedAt = clock.Now;
            var chunks = fields.Fields.Chunk(FieldsPerCall).DefaultIfEmpty([]);
            var parts = await Task.WhenAll(chunks.Select(chunk => zoho.ReadLeads(ids, chunk, ct)));
            var shown = parts.SelectMany(part => part).ToLookup(part => part.Id);
            var whole = ids
                .Select(id => LeadParts.Merge(id, [.. shown[id]], parts.Length, fields.FieldSet, observedAt))
                .OfType<LeadAnswer>()
                .ToList();
            answers.AddRange(await Task.WhenAll(whole.Select(answer => InFull(answer, fields, ct))));
            ids = [.. ids.Except(whole.Select(answer => answer.Id))];
        }

        return answers.Concat(await ReadEach(ids, fields, ct));
    }

    private Task<LeadAnswer[]> ReadEach(string[] ids, LeadFields fields, CancellationToken ct) =>
        Task.WhenAll(ids.Select(id => ReadSingly(id, fields, ct)));

    private async Task<LeadAnswer> ReadSingly(string id, LeadFields fields, CancellationToken ct)
    {
        var observedAt = clock.Now;
        try
        {
            var part = await zoho.ReadLead(id, fields.Fields, ct);
            return LeadParts.Merge(id, part is null ? [] : [part], calls: 1, fields.FieldSet, observedAt)!;
        }
        catch (ZohoException e) when (e.Kind == ZohoErrorKind.NotFound || e.Code == "INVALID_DATA")
        {
            return new AbsentLead(id, observedAt);
        }
    }

    private async Task<LeadAnswer> InFull(LeadAnswer answer, LeadFields fields, CancellationToken ct)
    {
        if (answer is not SeenLead seen || !LeadParts.Cut(seen.Content, fields, CutLength).Any())
            return answer;

        // Should the lead not be readable by itself, its cut texts are unknown rather than wrong.
        return await ReadSingly(seen.Id, fields, ct) is SeenLead full
            ? full
            : seen with { Content = LeadParts.Without(seen.Content, LeadParts.Cut(seen.Content, fields, CutLength)) };
    }
}
