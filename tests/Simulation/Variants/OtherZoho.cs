using LeadSync.Contracts;
using LeadSync.Gateway.Zoho;

namespace LeadSync.Simulation;

/// <summary>Zoho as a gateway would see it that asks for less, or takes less of an answer.</summary>
internal sealed class OtherZoho(IZoho zoho) : IZoho
{
    public Func<ModifiedPage, ModifiedPage> Modified { get; init; } = page => page;

    public Func<DeletedPage, DeletedPage> Deleted { get; init; } = page => page;

    public Func<WatchRequest, DateTimeOffset?, DateTimeOffset?> Granted { get; init; } = (_, granted) => granted;

    public async Task<ModifiedPage> ListModified(DateTimeOffset since, int page, CancellationToken ct) => Modified(await zoho.ListModified(since, page, ct));

    public async Task<DeletedPage> ListDeleted(DateTimeOffset? since, int page, CancellationToken ct) => Deleted(await zoho.ListDeleted(since, page, ct));

    public Task<IReadOnlyList<FieldDescription>> ReadFields(CancellationToken ct) => zoho.ReadFields(ct);

    public Task<IReadOnlyList<LeadPart>> ReadLeads(IReadOnlyCollection<string> ids, IReadOnlyCollection<LeadField> fields, CancellationToken ct) =>
        zoho.ReadLeads(ids, fields, ct);

    public Task<LeadPart?> ReadLead(string id, IReadOnlyCollection<LeadField> fields, CancellationToken ct) => zoho.ReadLead(id, fields, ct);

    public async Task<DateTimeOffset?> OpenChannel(WatchRequest request, CancellationToken ct) => Granted(request, await zoho.OpenChannel(request, ct));

    public async Task<DateTimeOffset?> ReplaceChannel(WatchRequest request, CancellationToken ct) => Granted(request, await zoho.ReplaceChannel(request, ct));

    public Task CloseChannel(string channelId, CancellationToken ct) => zoho.CloseChannel(channelId, ct);

    public Task<WatchedChannel?> FindChannel(string channelId, CancellationToken ct) => zoho.FindChannel(channelId, ct);

    public Task<CreatedBulkJob> CreateBulkJob(BulkQuery query, CancellationToken ct) => zoho.CreateBulkJob(query, ct);

    public Task<BulkJob> ReadBulkJob(string jobId, CancellationToken ct) => zoho.ReadBulkJob(jobId, ct);

    public Task<BulkResult?> OpenBulkResult(string jobId, CancellationToken ct) => zoho.OpenBulkResult(jobId, ct);
}
