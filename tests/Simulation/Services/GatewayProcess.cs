using System.Globalization;
using LeadSync.Contracts;
using LeadSync.Gateway;
using LeadSync.Gateway.BulkReads;
using LeadSync.Gateway.CatchUps;
using LeadSync.Gateway.Channels;
using LeadSync.Gateway.Notifications;
using LeadSync.Gateway.Records;
using LeadSync.Gateway.Zoho;
using LeadSync.ServiceDefaults;
using LeadSync.Simulation.Model;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace LeadSync.Simulation.Services;

#pragma warning disable CA1001 // It dies with its schedule.

/// <summary>A gateway: its consumers' and endpoints' order of acts around its real decisions.</summary>
internal sealed partial class GatewayProcess : Process
{
    private static readonly GatewayOptions Options = GatewayOptions.From(
        new Settings(new ConfigurationBuilder().AddInMemoryCollection([new("Gateway:PublicUrl", "https://sync.test")]).Build()), "secret");

    private static readonly ZohoOptions ZohoOptions = new()
    {
        AccountsUrl = new Uri("https://accounts.test"),
        ClientId = "client",
        ClientSecret = "secret",
        RefreshToken = "refresh",
    };

    // The renewals' overlap.
    private static readonly TimeSpan Overlap = TimeSpan.FromHours(1);

    private IZoho zoho = null!;
    private ZohoClock clock = null!;
    private Hydration hydration = null!;
    private CatchUpReading catchUps = null!;
    private BulkReading bulkReads = null!;
    private Receiving receiving = null!;
    private ChannelTokens tokens = null!;
    private Announcements announcements = null!;
    private DateTimeOffset receivingSince;
    private DateTimeOffset? lastBeat;
    private int starts;

    public GatewayProcess(World world, int number)
        : base(world, $"gateway {number}")
    {
    }

    public override void Start()
    {
        base.Start();
        clock = new ZohoClock(Clock);
        zoho = World.Zoho.For(this, clock);
        var catalog = new LeadFieldCatalog(zoho, ZohoOptions, Clock, NullLogger<LeadFieldCatalog>.Instance);
        var records = new ZohoRecords(zoho, catalog, clock);
        hydration = new Hydration(zoho, records);
        catchUps = new CatchUpReading(zoho, records, catalog, clock, NullLogger<CatchUpReading>.Instance);
        bulkReads = new BulkReading(zoho, catalog, Options, clock);
        receiving = new Receiving();
        tokens = new ChannelTokens(ReadTokens, Clock);
        announcements = new Announcements((message, _) => Publish(message), Clock);
        asking = false;
        lastBeat = null;
        starts++;
    }

    protected override Task Handle(IReadOnlyList<Envelope> batch) => batch[0].Message switch
    {
        LeadsAnnounced => Hydrate([.. batch.Select(envelope => (LeadsAnnounced)envelope.Message)]),
        LookAgain again => Announce(again),
        CatchUp catchUp => ReadWhatChanged(catchUp, batch[0].Redelivered),
        StartBulkRead start => StartJob(start),
        CheckBulkJob check => Check(check),
        RenewChannel renew => Renew(renew),
        CheckChannel => LookForChannel(),
        var message => throw new InvalidOperationException($"nobody handles {message}"),
    };

    // LeadsAnnouncedConsumer
    private async Task Hydrate(IReadOnlyList<LeadsAnnounced> announcements)
    {
        var announced = AnnouncedLead.Of(announcements.Select(announcement => (announcement, (string?)null)));
        Hydrated hydrated;
        try
        {
            hydrated = await hydration.Hydrate(announced, default);
        }
        catch (ZohoException e)
        {
            hydrated = Hydrated.Failed(announced, e.Message, clock.Now);
        }

        await Task.WhenAll(LeadPages.Of(hydrated.Changes).Select(page => Publish(new LeadsChanged(page))));
        await Task.WhenAll(Gateway.Notifications.LookAgain.At(hydrated.Later, Clock.GetUtcNow()).Select(Publish));
        if (hydrated.Gap is { } gap)
            await Publish(gap);
    }

    // LookAgainConsumer; the time is waited for in the broker.
    private async Task Announce(LookAgain again)
    {
        var pause = again.DueAt - Clock.GetUtcNow();
        if (pause > TimeSpan.Zero)
            World.Broker.Enqueue(new Envelope(again, Queue.LookAgain, World.Now + pause));
        else
            await Publish(again.Announcement);
    }

    // CatchUpConsumer
    private async Task ReadWhatChanged(CatchUp catchUp, bool redelivered)
    {
        if (redelivered && World.Seams.GivesUpWhatBrokeOff)
        {
            await Publish(new CatchUpFailed(catchUp.CatchUpId, "The catch-up broke off half way."));
            return;
        }

        try
        {
            var heardAt = World.Channel.HeardAt;
            await foreach (var found in catchUps.Read(catchUp, default))
            {
                await Publish(found switch
                {
                    CatchUpRead read => read with { HeardAt = heardAt },
                    CatchUpTooLarge large => large with { HeardAt = heardAt },
                    _ => found,
                });
            }
        }
        catch (ZohoException e)
        {
            await Publish(new CatchUpFailed(catchUp.CatchUpId, e.Message));
        }
    }

    private async Task StartJob(StartBulkRead start) => await Publish(await bulkReads.Start(start, default));

    // CheckBulkJobConsumer
    private async Task Check(CheckBulkJob check)
    {
        try
        {
            if (await bulkReads.Check(check, default) is { } result)
                await Publish(result);
        }
        catch (ZohoException)
        {
            // The next check may know more.
        }
    }

    // RenewChannelConsumer
    private async Task Renew(RenewChannel renew)
    {
        await World.Database(this, "reads the channel");
        var wasOpened = World.Channel.WasOpened;
        var token = string.Create(CultureInfo.InvariantCulture, $"token-{World.Channel.NewToken()}");
        var hash = AcceptedTokens.Hash(token);
        try
        {
            var renewedAt = await clock.Ask(zoho, default);
            var expiry = renewedAt + renew.Lifetime;
            await World.Database(this, "accepts a token");
            World.Channel.Accept(hash, expiry + Overlap);
            var request = new WatchRequest(ChannelTable.Id, token, Options.NotifyUrl, expiry);
            var renewal = await ChannelRenewal.Renew(zoho, request, wasOpened, renewedAt, default);
            await World.Database(this, "replaces the tokens");
            World.Channel.Replace(hash, clock.Now, World.Seams.TokensOverlap);
            await Publish(World.Seams.Renewed(new ChannelRenewed(ChannelTable.Id, renewedAt, renewal.ExpiresAt, renewal.Reopened), request));
        }
        catch (ZohoException e)
        {
            await Publish(new ChannelRenewalFailed(e.Message));
        }
    }

    // CheckChannelConsumer
    private async Task LookForChannel()
    {
        await World.Database(this, "reads the tokens");
        var known = World.Channel.Accepted;
        try
        {
            var checkedAt = await clock.Ask(zoho, default);
            await Publish(ChannelCheck.Result(await zoho.FindChannel(ChannelTable.Id, default), known, Options.NotifyUrl, checkedAt));
        }
        catch (ZohoException)
        {
            // The next check may know more.
        }
    }
}
