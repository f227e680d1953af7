using LeadSync.Contracts;
using LeadSync.Gateway.Records;
using LeadSync.Gateway.Zoho;
using LeadSync.Gateway.Zoho.Apis;
using LeadSync.Gateway.Zoho.Calls;
using LeadSync.Gateway.Zoho.Fields;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace LeadSync.UnitTests.Gateway;

/// <summary>A small Zoho in memory. <see cref="OnCall"/> runs before each answer, and may change anything or throw.</summary>
internal sealed class FakeZoho : IWatchApi, IRecordsApi, IBulkReadApi, IFieldsApi
{
    public static readonly DateTimeOffset Start = new(2026, 8, 20, 10, 0, 0, TimeSpan.Zero);

    public FakeTimeProvider Time { get; } = new(Start);

    public List<FieldDescription> Fields { get; } = [new("Last_Name", "text"), new("Description", "textarea")];

    public SortedDictionary<string, LeadPart> Leads { get; } = [];

    public List<DeletedLead> Deleted { get; } = [];

    /// <summary>The number of deleted leads after which Zoho shows empty pages, as if the list ended there.</summary>
    public int? ShownDeleted { get; set; }

    /// <summary>The full rich texts.</summary>
    public List<LeadPart> FullTexts { get; } = [];

    /// <summary>A field that every answer leaves out.</summary>
    public string? Hidden { get; set; }

    /// <summary>Ids and fields that lists leave out.</summary>
    public HashSet<string> LeftOutOfLists { get; } = [];

    public int PageSize { get; set; } = 200;

    /// <summary>Whether the list of modified leads leaves out the first second of the requested span.</summary>
    public bool LeavesOutFirstSecond { get; set; }

    /// <summary>Whether the list of modified leads ignores the requested order.</summary>
    public bool ListsLatestFirst { get; set; }

    public List<string> Calls { get; } = [];

    /// <summary>The lanes of the calls for records.</summary>
    public List<Lane> Lanes { get; } = [];

    /// <summary>The gaps that the catalogs of fields announce.</summary>
    public List<GapDetected> Gaps { get; } = [];

    public Action<string> OnCall { get; set; } = _ => { };

    /// <summary>The answers to PUT, POST and DELETE of the channel, in this order. An exception is thrown.</summary>
    public Queue<object?> WatchAnswers { get; } = [];

    public WatchedChannel? Channel { get; set; }

    public BulkJob Job { get; set; } = new("ADDED");

    public BulkQuery? Query { get; private set; }

    public ZohoRecords Records => new(this, Catalog, new ZohoClock(Time));

    public LeadFieldCatalog Catalog => new(
        this, Options, (gap, _) => PublishGap((GapDetected)gap), new ZohoClock(Time), Time, NullLogger<LeadFieldCatalog>.Instance);

    public static ZohoOptions Options { get; } = new()
    {
        AccountsUrl = new Uri("https://accounts.test"),
        ClientId = "client",
        ClientSecret = "secret",
        RefreshToken = "refresh",
        DailyCredits = 10_000,
    };

    public static LeadPart Lead(string id, DateTimeOffset modifiedTime, params (string Name, string? Value)[] fields) =>
        new(id, modifiedTime, fields.ToDictionary(field => field.Name, field => field.Value));

    public static ZohoException Rejection(string code = "INVALID_DATA") => new(ZohoErrorKind.Rejected, code, 400);

    public static ZohoException Outage() => new(ZohoErrorKind.Unavailable, "INTERNAL_ERROR", 500);

    public Task<IReadOnlyList<FieldDescription>> ReadFields(CancellationToken ct) =>
        Answer<IReadOnlyList<FieldDescription>>("fields", () => Fields);

    public Task<IReadOnlyList<LeadPart>> ReadLeads(
        IReadOnlyCollection<string> ids, IReadOnlyCollection<LeadField> fields, Lane lane, CancellationToken ct) =>
        Answer<IReadOnlyList<LeadPart>>($"list {string.Join(',', ids)} {fields.FirstOrDefault()?.ApiName}", lane, () =>
            [
                .. Leads.Values.Where(lead => ids.Contains(lead.Id) && !LeftOutOfLists.Contains(lead.Id))
                    .Select(lead => Cut(Listed(Narrow(lead, fields))))
            ]);

    public Task<LeadPart?> ReadLead(string id, IReadOnlyCollection<LeadField> fields, Lane lane, CancellationToken ct) =>
        Answer($"single {id}", lane, () => Leads.TryGetValue(id, out var lead) ? Narrow(lead, fields) : null);

    public Task<IReadOnlyList<LeadPart>> ReadFullTexts(
        IReadOnlyCollection<string> ids, IReadOnlyCollection<LeadField> fields, Lane lane, CancellationToken ct) =>
        Answer<IReadOnlyList<LeadPart>>(
            $"full {string.Join(',', ids)}",
            () => [.. FullTexts.Where(lead => ids.Contains(lead.Id)).Select(lead => Narrow(lead, fields))]);

    public Task<ModifiedPage> ListModified(DateTimeOffset since, int page, CancellationToken ct) =>
        Answer($"modified {since:HH:mm:ss} {page}", () =>
        {
            var first = LeavesOutFirstSecond ? since.AddSeconds(1) : since;
            var all = Leads.Values.Where(lead => lead.ModifiedTime >= first)
                .OrderBy(lead => ListsLatestFirst ? -lead.ModifiedTime?.Ticks : lead.ModifiedTime?.Ticks).ToList();
            var rows = all.Skip((page - 1) * PageSize).Take(PageSize).Select(lead => new ModifiedLead(lead.Id, lead.ModifiedTime)).ToList();
            return new ModifiedPage(rows, all.Count > page * PageSize);
        });

    public Task<DeletedPage> ListDeleted(DateTimeOffset? since, int page, Lane lane, CancellationToken ct) =>
        Answer($"deleted {since:HH:mm:ss} {page}", lane, () =>
        {
            var all = Deleted.Where(lead => since is null || lead.DeletedTime is null || lead.DeletedTime >= since).ToList();
            var rows = all.Take(ShownDeleted ?? all.Count).Skip((page - 1) * PageSize).Take(PageSize).ToList();
            return new DeletedPage(rows, rows.Count > 0 && all.Count > page * PageSize);
        });

    public Task<DateTimeOffset?> OpenChannel(WatchRequest request, CancellationToken ct) => Watch("POST");

    public Task<DateTimeOffset?> ReplaceChannel(WatchRequest request, CancellationToken ct) => Watch("PUT");

    public Task CloseChannel(string channelId, CancellationToken ct) => Watch("DELETE");

    public Task<WatchedChannel?> FindChannel(string channelId, CancellationToken ct) => Answer("GET", () => Channel);

    public Task ListChannels(CancellationToken ct) => Answer("channels", () => 0);

    public Task<CreatedBulkJob> CreateBulkJob(BulkQuery query, CancellationToken ct)
    {
        Query = query;
        return Answer("bulk", () => new CreatedBulkJob("77", Start));
    }

    public Task<BulkJob> ReadBulkJob(string jobId, CancellationToken ct) => Answer($"job {jobId}", () => Job);

    public Task<BulkResult?> OpenBulkResult(string jobId, CancellationToken ct) => throw new NotSupportedException();

    private Task PublishGap(GapDetected gap)
    {
        Gaps.Add(gap);
        return Task.CompletedTask;
    }

    private Task<DateTimeOffset?> Watch(string method) =>
        Answer(method, () => WatchAnswers.Dequeue() switch
        {
            Exception e => throw e,
            var expiry => (DateTimeOffset?)expiry,
        });

    private Task<T> Answer<T>(string call, Lane lane, Func<T> answer) => Answer(call, () =>
    {
        Lanes.Add(lane);
        return answer();
    });

    private async Task<T> Answer<T>(string call, Func<T> answer)
    {
        await Task.Yield();
        lock (Calls)
        {
            Calls.Add(call);
            OnCall(call);
            return answer();
        }
    }

    // Zoho shows a field without a value as null.
    private LeadPart Narrow(LeadPart lead, IReadOnlyCollection<LeadField> fields) =>
        lead with
        {
            Fields = fields.Where(field => field.ApiName != lead.InvalidField && field.ApiName != Hidden)
                .ToDictionary(field => field.ApiName, field => lead.Fields.GetValueOrDefault(field.ApiName))
        };

    private LeadPart Listed(LeadPart lead) =>
        lead with { Fields = lead.Fields.Where(value => !LeftOutOfLists.Contains(value.Key)).ToDictionary() };

    // Zoho's lists cut long texts.
    private static LeadPart Cut(LeadPart lead) =>
        lead with
        {
            Fields = lead.Fields.ToDictionary(value => value.Key, value => value.Value?.Length > 500 ? value.Value[..500] : value.Value)
        };
}
