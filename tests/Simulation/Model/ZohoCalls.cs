using LeadSync.Contracts;
using LeadSync.Gateway.Zoho;
using LeadSync.Gateway.Zoho.Apis;
using LeadSync.Gateway.Zoho.Calls;
using LeadSync.Gateway.Zoho.Fields;
using LeadSync.Simulation.Services;

namespace LeadSync.Simulation.Model;

/// <summary>Calls of one gateway to Zoho. A call and its answer take time, and either may get lost. Answers may lag.</summary>
internal sealed class ZohoCalls(World world, GatewayProcess gateway, ZohoClock clock)
    : IWatchApi, IRecordsApi, IBulkReadApi, IFieldsApi
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static readonly IReadOnlyList<FieldDescription> Fields = [new("Last_Name", "text"), new("Converted__s", "boolean")];

    private static readonly ModifiedPage Crowd =
        new([.. Enumerable.Range(0, 2_001).Select(number => new ModifiedLead($"{99_000_000 + number}", World.Start))], More: true);

    private ZohoModel Zoho => world.Zoho;

    public Task<IReadOnlyList<FieldDescription>> ReadFields(CancellationToken ct) => Ask("reads the fields", _ => Fields);

    public Task<IReadOnlyList<LeadPart>> ReadLeads(
        IReadOnlyCollection<string> ids, IReadOnlyCollection<LeadField> fields, Lane lane, CancellationToken ct) =>
        Ask<IReadOnlyList<LeadPart>>("reads leads", now =>
            [
                .. ids.Select(id => Shown(id, now)).OfType<LeadPart>()
                    .Where(_ => !world.Strikes(Disturbance.LeadLeftOut, world.Profile.OmitsPercent))
            ]);

    public Task<LeadPart?> ReadLead(string id, IReadOnlyCollection<LeadField> fields, Lane lane, CancellationToken ct) =>
        Ask("reads a lead", now =>
        Shown(id, now) ?? (world.Chance.Percent(50) ? throw new ZohoException(ZohoErrorKind.Rejected, "INVALID_DATA", 400) : null));

    public Task<IReadOnlyList<LeadPart>> ReadFullTexts(
        IReadOnlyCollection<string> ids, IReadOnlyCollection<LeadField> fields, Lane lane,
        CancellationToken ct) => throw new NotSupportedException();

    public Task<ModifiedPage> ListModified(DateTimeOffset since, int page, CancellationToken ct) => List("lists modified leads", now =>
    {
        world.Trace($"since {since:HH:mm:ss}, page {page}, as of {now:HH:mm:ss.fff}");
        if (!world.IsQuiet && world.Now < Zoho.CrowdedUntil)
        {
            world.Struck(Disturbance.Crowd);
            return Crowd;
        }

        var first = world.Profile.FilterExcludesItsSecond ? since.AddSeconds(1) : since;
        var all = Zoho.Leads.Select(lead => lead.AsOf(now)?.Content).OfType<LeadPart>()
            .Where(lead => lead.ModifiedTime >= first)
            .OrderBy(lead => lead.ModifiedTime).ThenBy(lead => lead.Id, StringComparer.Ordinal)
            .ToList();
        return new ModifiedPage([.. Page(all, page).Select(lead => new ModifiedLead(lead.Id, lead.ModifiedTime))], More(all, page));
    });

    public Task<DeletedPage> ListDeleted(DateTimeOffset? since, int page, Lane lane, CancellationToken ct) =>
        List("lists deleted leads", now =>
    {
        world.Trace($"since {since:HH:mm:ss}, page {page}, as of {now:HH:mm:ss.fff}");
        var all = Zoho.Leads.Select(lead => new DeletedLead(lead.Id, lead.AsOf(now)?.DeletedTime))
            .Where(lead => lead.DeletedTime is { } deleted && !(deleted < since))
            .OrderBy(lead => lead.DeletedTime).ThenBy(lead => lead.Id, StringComparer.Ordinal)
            .ToList();
        if (!world.Profile.DeletedListedOldestFirst)
            all.Reverse();
        return new DeletedPage([.. Page(all, page)], More(all, page));
    });

    public Task<DateTimeOffset?> OpenChannel(WatchRequest request, CancellationToken ct) =>
        Change("opens the channel", () => Subscribe(request));

    public Task<DateTimeOffset?> ReplaceChannel(WatchRequest request, CancellationToken ct) => Change("replaces the channel", () =>
        Zoho.HasChannel ? Subscribe(request) : throw new ZohoException(ZohoErrorKind.Rejected, "NOT_SUBSCRIBED", 400));

    public Task CloseChannel(string channelId, CancellationToken ct) => Change("closes the channel", () => Zoho.Channel = null);

    public Task<WatchedChannel?> FindChannel(string channelId, CancellationToken ct) => Change("looks for the channel", () =>
        Zoho.HasChannel && Zoho.Channel is { } channel
            ? new WatchedChannel(channel.ChannelId, ZohoModule.Leads.Events, channel.NotifyUrl, channel.Token, Zoho.Expiry)
            : null);

    public Task ListChannels(CancellationToken ct) => Change("lists the channels", () => Zoho.HasChannel);

    public Task<CreatedBulkJob> CreateBulkJob(BulkQuery query, CancellationToken ct) => Change("creates a job", () =>
    {
        var job = Zoho.Create(query);
        return new CreatedBulkJob(job.Id, job.CreatedTime);
    });

    public Task<BulkJob> ReadBulkJob(string jobId, CancellationToken ct) => Change("reads a job's status", () =>
        Zoho.Job(jobId) is { } job
            ? new BulkJob(job.State, job.CreatedTime, job.Rows.Count, job.More)
            : throw new ZohoException(ZohoErrorKind.NotFound, "RESOURCE_NOT_FOUND", 404));

    public Task<BulkResult?> OpenBulkResult(string jobId, CancellationToken ct) =>
        throw new NotSupportedException("pages are handed to the projector as rows");

    private DateTimeOffset? Subscribe(WatchRequest request)
    {
        var granted = Zoho.Subscribe(request);
        if (granted < request.Expiry.AddMinutes(-1))
            world.Struck(Disturbance.ShortLifeGranted);
        return world.Chance.Percent(10) ? null : granted;
    }

    // An answer without a modified time, which no row can store.
    private LeadPart? Shown(string id, DateTimeOffset now) =>
        Zoho.Find(id)?.AsOf(now)?.Content is { } lead
            ? (lead.InvalidField is null ? lead : lead with { ModifiedTime = null, InvalidField = null })
            : null;

    private List<T> Page<T>(List<T> all, int page)
    {
        var size = world.Profile.ListPage;
        return all.Skip((page - 1) * size).Take(size).ToList();
    }

    private bool More<T>(List<T> all, int page) => all.Count > page * world.Profile.ListPage;

    /// <summary>Reads any replica of Zoho, which may lag.</summary>
    private Task<T> Ask<T>(string what, Func<DateTimeOffset, T> answer) =>
        Change(what, () =>
        {
            var lag = world.Chance.Seconds((int)world.Profile.Lag.TotalSeconds);
            if (lag > TimeSpan.Zero)
                world.Struck(Disturbance.AnswerStale);
            return answer(world.Now - lag);
        });

    /// <summary>Lists come from an index that lags, but never goes back.</summary>
    private Task<T> List<T>(string what, Func<DateTimeOffset, T> answer) => Ask(what, now =>
    {
        Zoho.Indexed = now > Zoho.Indexed ? now : Zoho.Indexed;
        return answer(Zoho.Indexed);
    });

    private async Task<T> Change<T>(string what, Func<T> answer)
    {
        var sent = (Ours: gateway.Clock.GetUtcNow(), True: world.Now);
        await world.Step(gateway, what);
        Fail();
        var answered = answer();
        var date = ZohoLead.Second(world.Now);
        if (world.Chance.Percent(30))
            await world.Step(gateway, $"{what}: the answer is on its way");
        Fail();
        if (world.Now - sent.True > Patience)
        {
            world.Struck(Disturbance.AnswerTooLate);
            throw new ZohoException(ZohoErrorKind.Unavailable, "TIMEOUT");
        }

        clock.Observe(sent.Ours, world.Now - sent.True, date);
        return answered;
    }

    private void Fail()
    {
        if (!world.IsQuiet && world.Now < Zoho.DownUntil)
        {
            world.Struck(Disturbance.ZohoDown);
            throw new ZohoException(ZohoErrorKind.Auth, "INVALID_TOKEN", 401);
        }

        if (world.Strikes(Disturbance.ZohoError, world.Profile.ZohoFails))
            throw new ZohoException(world.Chance.Of(ZohoErrorKind.Unavailable, ZohoErrorKind.Throttled), "INTERNAL_ERROR", 500);
    }
}
