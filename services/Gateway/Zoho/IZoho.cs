using LeadSync.Contracts;

namespace LeadSync.Gateway.Zoho;

/// <summary>
/// What Zoho can be asked, call by call, over HTTP here and of a model in the tests. What to ask and what answers mean is decided above.
/// Every method throws <see cref="ZohoException"/> when Zoho does not do it.
/// </summary>
internal interface IZoho
{
    Task<IReadOnlyList<FieldDescription>> ReadFields(CancellationToken ct);

    /// <summary>Reads some fields of up to 50 leads, converted ones too. Leads that cannot be read are left out; the order is Zoho's.
    /// Zoho: lists cut long texts to 500 characters.</summary>
    /// <param name="ids">At most 50.</param>
    /// <param name="fields">At most 48; <c>id</c> and <c>Modified_Time</c> come in addition.</param>
    Task<IReadOnlyList<LeadPart>> ReadLeads(IReadOnlyCollection<string> ids, IReadOnlyCollection<LeadField> fields, CancellationToken ct);

    /// <summary>Reads one lead, with every value in full; null when Zoho answers with nothing.</summary>
    Task<LeadPart?> ReadLead(string id, IReadOnlyCollection<LeadField> fields, CancellationToken ct);

    /// <summary>Lists leads modified at or after a second, the earliest first, at most 200 a page.</summary>
    Task<ModifiedPage> ListModified(DateTimeOffset since, int page, CancellationToken ct);

    /// <summary>Lists deleted leads, in the recycle bin or not, at most 200 a page, in no promised order.</summary>
    /// <param name="since">Deleted about then or later; null for all that Zoho still lists.</param>
    Task<DeletedPage> ListDeleted(DateTimeOffset? since, int page, CancellationToken ct);

    /// <summary>Opens the channel (POST). Answers the expiry that Zoho grants, if the answer says it.</summary>
    Task<DateTimeOffset?> OpenChannel(WatchRequest request, CancellationToken ct);

    /// <summary>Replaces the open channel (PUT). Answers the expiry that Zoho grants, if the answer says it.</summary>
    Task<DateTimeOffset?> ReplaceChannel(WatchRequest request, CancellationToken ct);

    Task CloseChannel(string channelId, CancellationToken ct);

    /// <summary>The channel as Zoho has it; null when it has none of that id.</summary>
    Task<WatchedChannel?> FindChannel(string channelId, CancellationToken ct);

    Task<CreatedBulkJob> CreateBulkJob(BulkQuery query, CancellationToken ct);

    Task<BulkJob> ReadBulkJob(string jobId, CancellationToken ct);

    /// <summary>Opens the zip file of a completed job; null when Zoho answers with nothing.</summary>
    Task<BulkResult?> OpenBulkResult(string jobId, CancellationToken ct);
}

/// <summary>A field as Zoho's metadata describes it.</summary>
/// <param name="ReturnType">Of a formula or a roll-up: the data type of its result.</param>
internal sealed record FieldDescription(
    string ApiName, string DataType, string? JsonType = null, string? ReturnType = null, IReadOnlyList<string>? Choices = null);

/// <summary>What one answer shows of a lead.</summary>
/// <param name="ModifiedTime">Null when the answer does not say it.</param>
/// <param name="Fields">Canonical values by API name. A field that the answer does not show is missing; an empty one maps to null.</param>
/// <param name="OddField">The API name of a field whose value is not of its type.</param>
internal sealed record LeadPart(
    string Id, DateTimeOffset? ModifiedTime, IReadOnlyDictionary<string, string?> Fields, string? OddField = null);

internal sealed record ModifiedPage(IReadOnlyList<ModifiedLead> Leads, bool More);

internal readonly record struct ModifiedLead(string Id, DateTimeOffset? ModifiedTime);

internal sealed record DeletedPage(IReadOnlyList<DeletedLead> Leads, bool More);

internal readonly record struct DeletedLead(string Id, DateTimeOffset? DeletedTime);

/// <summary>A channel to open or to replace: Zoho drops what a request leaves out, so this is always all of it.</summary>
internal sealed record WatchRequest(string ChannelId, string Token, string NotifyUrl, DateTimeOffset Expiry)
{
    public static IReadOnlyList<string> Events { get; } = ["Leads.create", "Leads.edit", "Leads.delete"];
}

/// <summary>A channel as Zoho has it; null for what it does not say.</summary>
internal sealed record WatchedChannel(
    string ChannelId, IReadOnlyList<string> Events, string? NotifyUrl, string? Token, DateTimeOffset? Expiry);

/// <summary>What a bulk read job shall export.</summary>
/// <param name="Page">1-based.</param>
/// <param name="PageToken">Takes the place of all but the callback.</param>
/// <param name="Fields">API names; empty for every field.</param>
/// <param name="CallbackUrl">Called when the job has ended; null for no call.</param>
internal sealed record BulkQuery(
    int Page, string? PageToken, IReadOnlyList<string> Fields, DateTimeOffset? ModifiedSince, string? CallbackUrl);

internal sealed record CreatedBulkJob(string JobId, DateTimeOffset? CreatedTime);

/// <summary>A job's status. <paramref name="Rows"/> and what follows mean something only when it is completed.</summary>
/// <param name="State">As Zoho writes it; new ones may appear.</param>
/// <param name="DownloadPath">The path of Zoho's <c>download_url</c>, if it is relative.</param>
internal sealed record BulkJob(
    string State,
    DateTimeOffset? CreatedTime = null,
    long Rows = 0,
    bool MoreRecords = false,
    string? NextPageToken = null,
    string? FailureCode = null,
    string? DownloadPath = null);

/// <summary>A zip file as it comes from Zoho; disposing of it ends the download.</summary>
internal sealed record BulkResult(Stream Content, long? Length, IDisposable Response) : IDisposable
{
    public void Dispose() => Response.Dispose();
}
