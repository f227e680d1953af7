using LeadSync.Contracts;
using LeadSync.Gateway.Zoho.Apis;
using LeadSync.Gateway.Zoho.Calls;

namespace LeadSync.Simulation.Mutants;

/// <summary>Zoho's records for a gateway that asks for less, or reads less of an answer.</summary>
internal sealed class OtherRecords(IRecordsApi zoho) : IRecordsApi
{
    public Func<ModifiedPage, ModifiedPage> Modified { get; init; } = page => page;

    public Func<DeletedPage, DeletedPage> Deleted { get; init; } = page => page;

    public async Task<ModifiedPage> ListModified(DateTimeOffset since, int page, CancellationToken ct) =>
        Modified(await zoho.ListModified(since, page, ct));

    public async Task<DeletedPage> ListDeleted(DateTimeOffset? since, int page, Lane lane, CancellationToken ct) =>
        Deleted(await zoho.ListDeleted(since, page, lane, ct));

    public Task<IReadOnlyList<LeadPart>> ReadLeads(
        IReadOnlyCollection<string> ids, IReadOnlyCollection<LeadField> fields, Lane lane, CancellationToken ct) =>
        zoho.ReadLeads(ids, fields, lane, ct);

    public Task<LeadPart?> ReadLead(string id, IReadOnlyCollection<LeadField> fields, Lane lane, CancellationToken ct) =>
        zoho.ReadLead(id, fields, lane, ct);

    public Task<IReadOnlyList<LeadPart>> ReadFullTexts(
        IReadOnlyCollection<string> ids, IReadOnlyCollection<LeadField> fields, Lane lane, CancellationToken ct) =>
        zoho.ReadFullTexts(ids, fields, lane, ct);
}
