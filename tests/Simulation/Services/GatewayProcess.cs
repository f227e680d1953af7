using System.Text;
using LeadSync.Contracts;
using LeadSync.Gateway;
using LeadSync.Gateway.BulkReads;
using LeadSync.Gateway.Bus;
using LeadSync.Gateway.CatchUps;
using LeadSync.Gateway.Channels;
using LeadSync.Gateway.Notifications;
using LeadSync.Gateway.Records;
using LeadSync.Gateway.Zoho;
using LeadSync.Gateway.Zoho.Calls;
using LeadSync.Gateway.Zoho.Fields;
using LeadSync.ServiceDefaults;
using LeadSync.Simulation.Model;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace LeadSync.Simulation.Services;

#pragma warning disable CA1001 // It dies with its schedule.

/// <summary>A replica of the gateway, composed like <c>Program.cs</c>. Zoho, the broker and the database are models.</summary>
internal sealed class GatewayProcess(World world, int number) : Process(world, $"gateway {number}")
{
    private const string Secret = "secret";

    private static readonly GatewayOptions Options = GatewayOptions.From(
        new Settings(new ConfigurationBuilder().AddInMemoryCollection([new("Gateway:PublicUrl", "https://sync.test")]).Build()), Secret);

    private static readonly ZohoOptions ZohoOptions = new()
    {
        AccountsUrl = new Uri("https://accounts.test"),
        ClientId = "client",
        ClientSecret = "secret",
        RefreshToken = "refresh",
    };

    // The time for which Zoho still sends notifications to a replica that has ended.
    private static readonly TimeSpan StillSentTo = TimeSpan.FromSeconds(50);

    private readonly List<DateTimeOffset> unanswered = [];
    private ZohoClock clock = null!;
    private AnnouncedLeads announcedLeads = null!;
    private BulkCallback callback = null!;
    private NotificationIntake intake = null!;
    private Receiving receiving = null!;
    private ReceivingRecorder recorder = null!;
    private Commands commands = null!;
    private DateTimeOffset silentSince;
    private DateTimeOffset beatenAt;
    private bool beating;
    private int starts;

    /// <summary>
    /// Whether the service reports that it is ready. A load balancer checks this before it sends notifications to a new replica.
    /// </summary>
    public bool IsReady => IsUp && recorder.HasAppeared;

    /// <summary>Whether the load balancer believes that this replica, or the one before it, runs.</summary>
    public bool IsSentTo =>
        (IsReady && (!IsStalled || World.Now - StalledSince <= StillSentTo)) || World.Now - silentSince <= StillSentTo;

    /// <summary>The service's check before each heartbeat.</summary>
    public bool IsReceiving => IsUp && !IsStalled && !World.Broker.IsDown;

    /// <summary>Each start is a new replica.</summary>
    public (string Name, int Start) Replica => (Name, starts);

    public override void Start()
    {
        base.Start();
        starts++;
        (beating, beatenAt) = (false, default);
        clock = new ZohoClock(Clock);
        var zoho = World.Zoho.For(this, clock);
        var catalog = new LeadFieldCatalog(zoho, ZohoOptions, Publish, clock, Clock, NullLogger<LeadFieldCatalog>.Instance);
        var recordsApi = World.Seams.Records(zoho);
        var watch = World.Seams.Watch(zoho);
        var records = new ZohoRecords(recordsApi, catalog, clock);
        var parking = new LeadParking(World.Seams.Parking(new ParkedTable(World, this)), NullLogger<LeadParking>.Instance);
        receiving = new Receiving();
        var record = new ReceivingTable(World, this);
        var channel = World.Seams.Channel(new ChannelTable(World, this));
        var tokens = new ChannelTokens(channel.Accepted, Clock);
        announcedLeads = new AnnouncedLeads(
            new Hydration(recordsApi, records), parking, Publish, clock, Clock, NullLogger<AnnouncedLeads>.Instance);
        var catchUps = new CatchUpReporting(
            new CatchUpReading(
                recordsApi, watch, records, catalog, clock, NullLogger<CatchUpReading>.Instance), parking, record, Publish, Clock);
        var jobs = new BulkJobs(
            new BulkReading(zoho, catalog, Options, clock), new BulkJobTable(World, this), Publish, NullLogger<BulkJobs>.Instance);
        callback = new BulkCallback(Publish, Clock);
        var subscription = new Subscription(
            watch, recordsApi, channel, record, Options, Publish, clock, NullLogger<Subscription>.Instance);
        commands = new Commands(subscription, jobs, catchUps, clock, watch, Clock);
        intake = new NotificationIntake(tokens, new Announcements(Publish, Clock), receiving, Options, Publish, watch, clock, Clock);
        recorder = new ReceivingRecorder(record, World.Seams.Publishing(World, PublishBeat), watch, receiving, clock, Clock);
        if (IsReceiving)
            _ = Beat();
    }

    public override void Crash()
    {
        unanswered.ForEach(World.Invariants.NotReceived);
        unanswered.Clear();
        if (IsReady)
            silentSince = IsStalled ? StalledSince : World.Now;
        base.Crash();
    }

    /// <summary>Zoho sends a notification.</summary>
    public async Task Receive(byte[] body, IReadOnlyList<string> ids, string token, DateTimeOffset sentAt)
    {
        var announced = ids.ToDictionary(id => id, World.Broker.Announced);
        var receivedAt = World.Now;
        unanswered.Add(receivedAt);
        var status = (await intake.Take(body, Secret)).Status;
        unanswered.Remove(receivedAt);
        World.Trace($"{Name} answers {status}");
        if (status == 503 && receivedAt > World.QuietSince)
            World.Invariants.Break("no surprise", $"{Name} answers 503 although nothing fails");
        World.Invariants.Answered(status, announced, token, sentAt);
    }

    /// <summary>Zoho says that a job has ended.</summary>
    public Task CalledBack(string jobId) => Settled(() => callback.Take(Encoding.UTF8.GetBytes($$"""{"id":"{{jobId}}"}""")));

    /// <summary>Sends a heartbeat, unless the one before is still running.</summary>
    public async Task Beat()
    {
        // A second heartbeat at the same moment brings nothing new.
        var at = World.Now;
        if (beating || (World.Receiving.Heartbeat == at && beatenAt == at))
            return;

        (beating, beatenAt) = (true, at);
        try
        {
            await Settled(() => recorder.Beat(default));
        }
        catch (Exception e) when (e is NpgsqlException or AwayException or ZohoException)
        {
            // The next heartbeat tries again.
        }

        beating = false;
        // The service sends a heartbeat every second. Here one is enough when it may move the record past a gap.
        if (!(World.Receiving.Heartbeat >= at))
            Clock.CreateTimer(_ => _ = BeatAgain(), null, Receiving.LongestPause, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The service sends a heartbeat every second, and the model leaves most of them out. This moves the replica's heartbeat to
    /// now. While a refusal waits to be announced, the heartbeat stays, as in the service.</summary>
    public void HasBeaten()
    {
        if (receiving.TakeFirstRefusal() is { } refusedSince)
            receiving.RecordRefused(refusedSince);
        else if (!(beating && clock.IsMeasured) && World.Receiving.Replicas.ContainsKey(Replica))
            World.Receiving.Replicas[Replica] = World.Now;
    }

    protected override Task Handle(Envelope envelope) => envelope.Message switch
    {
        LeadsAnnounced leads => announcedLeads.Hydrate(leads, traceParent: null, default),
        LeadsInQuestion question => announcedLeads.HydrateInQuestion(question.Announcement, traceParent: null, default),
        LookAgain again => announcedLeads.AnnounceWhenDue(again, default),
        LookAgainInQuestion again => announcedLeads.AnnounceWhenDue(again, default),
        CatchUp catchUp => commands.Report(catchUp, envelope.Redelivered, default),
        StartBulkRead start => commands.Start(start, default),
        CheckBulkJob check => commands.Check(check, default),
        RenewChannel renew => commands.Renew(renew, default),
        CheckChannel check => commands.Check(check, default),
        var message => throw new InvalidOperationException($"nobody handles {message}"),
    };

    private Task PublishBeat(object message, CancellationToken ct) =>
        Noted(World.Broker.Publish(this, message, ct, takesTime: World.Sometimes(30)));

    private Task BeatAgain() => IsReceiving && !World.IsDatabaseDown ? Beat() : Task.CompletedTask;
}
