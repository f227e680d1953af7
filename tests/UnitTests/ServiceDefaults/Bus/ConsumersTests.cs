using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;
using LeadSync.Contracts;
using LeadSync.Gateway;
using LeadSync.Gateway.BulkReads;
using LeadSync.Gateway.Bus;
using LeadSync.Gateway.CatchUps;
using LeadSync.Gateway.Channels;
using LeadSync.Gateway.Notifications;
using LeadSync.Gateway.Records;
using LeadSync.Gateway.Zoho.Apis;
using LeadSync.Gateway.Zoho.Calls;
using LeadSync.Projector;
using LeadSync.Projector.BulkPages;
using LeadSync.Projector.Bus;
using LeadSync.Projector.CatchUps;
using LeadSync.Projector.Feed;
using LeadSync.Projector.FullComparisons;
using LeadSync.Projector.Leads;
using LeadSync.Scheduler.Recording;
using LeadSync.ServiceDefaults;
using LeadSync.ServiceDefaults.Bus;
using LeadSync.ServiceDefaults.Database;
using LeadSync.ServiceDefaults.Parking;
using LeadSync.UnitTests.Gateway;
using LeadSync.UnitTests.Gateway.BulkReads;
using MassTransit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using static LeadSync.UnitTests.Gateway.FakeZoho;

namespace LeadSync.UnitTests.ServiceDefaults.Bus;

/// <summary>
/// MassTransit acknowledges a message when the consumer's task has ended. So the task must not end before the broker has confirmed the
/// messages that follow, or the database has committed: otherwise a crash in between would lose the change.
/// </summary>
public sealed class ConsumersTests
{
    private readonly FakeZoho zoho = new() { Job = new BulkJob("FAILURE") };
    private readonly HashSet<Type> tried = [];
    private TaskCompletionSource<object> published = new();
    private TaskCompletionSource confirmed = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task the_gateway_acknowledges_a_message_only_when_the_broker_has_what_follows_from_it()
    {
        zoho.Leads["1"] = FakeZoho.Lead("1", Start);
        zoho.WatchAnswers.Enqueue(Start.AddDays(1));
        var clock = new ZohoClock(zoho.Time);
        var options = GatewayOptions.From(
            new Settings(new ConfigurationBuilder().AddInMemoryCollection([new("Gateway:PublicUrl", "https://sync.test")]).Build()),
            "secret");
        var parking = new LeadParking(new NoParking(), NullLogger<LeadParking>.Instance);
        using var leads = new AnnouncedLeads(
            new Hydration(zoho, zoho.Records), parking, Publish, clock, zoho.Time, NullLogger<AnnouncedLeads>.Instance);
        var jobs = new BulkJobs(
            new BulkReading(zoho, zoho.Catalog, options, clock), new KeptJobs(), Publish, NullLogger<BulkJobs>.Instance);
        var subscription = new Subscription(
            zoho, zoho, new KeptChannel(), new NothingHeard(), options, Publish, clock, NullLogger<Subscription>.Instance);
        var reading = new CatchUpReading(zoho, zoho, zoho.Records, zoho.Catalog, clock, NullLogger<CatchUpReading>.Instance);
        var commands = new Commands(
            subscription, jobs, new CatchUpReporting(reading, parking, new NothingHeard(), Publish, zoho.Time), clock, zoho, zoho.Time);
        var announcement = new LeadsAnnounced(["1"], Source.Notification, Start);
        var (run, catchUp) = (Guid.NewGuid(), new CatchUp(Guid.NewGuid(), Start));

        (await IsWaitedFor(new LeadsAnnouncedConsumer(leads), announcement)).ShouldBeOfType<LeadsChanged>();
        (await IsWaitedFor(new LeadsInQuestionConsumer(leads), new LeadsInQuestion(announcement))).ShouldBeOfType<LeadsReread>();
        (await IsWaitedFor(new LookAgainConsumer(leads), new LookAgain(announcement, Start))).ShouldBe(announcement);
        (await IsWaitedFor(new LookAgainInQuestionConsumer(leads), new LookAgainInQuestion(new(announcement), Start)))
            .ShouldBeOfType<LeadsInQuestion>();
        (await IsWaitedFor(new CatchUpConsumer(commands), catchUp, redelivered: true)).ShouldBeOfType<CatchUpFailed>();
        (await IsWaitedFor(new CatchUpConsumer(commands), catchUp)).ShouldBeOfType<CatchUpPageReady>();
        (await IsWaitedFor(new StartBulkReadConsumer(commands), new StartBulkRead(run, 1, null, null))).ShouldBeOfType<BulkJobCreated>();
        (await IsWaitedFor(new CheckBulkJobConsumer(commands), new CheckBulkJob(run, 1, "77"))).ShouldBeOfType<BulkJobFailed>();
        (await IsWaitedFor(new RenewChannelConsumer(commands), new RenewChannel(TimeSpan.FromDays(1)))).ShouldBeOfType<ChannelRenewed>();
        (await IsWaitedFor(new CheckChannelConsumer(commands), new CheckChannel())).ShouldBeOfType<ChannelLost>();
        ShouldBeAllOf(typeof(Commands).Assembly);
    }

    [Fact]
    public async Task the_projector_acknowledges_a_message_only_when_it_is_folded_and_the_broker_has_what_follows_from_it()
    {
        await using var database = NpgsqlDataSource.Create("Host=nowhere");
        using var latency = new ChangeLatency(database, zoho.Time, NullLogger<ChangeLatency>.Instance);
        var leads = new Projection(Publish);
        using var changes = new LiveChanges(leads, latency, zoho.Time);
        var pages = new CatchUpPages(new Projection((_, _) => Task.CompletedTask), latency, Publish);
        var comparison = new FullComparison(leads, Publish, zoho.Time, NullLogger<FullComparison>.Instance);
        var change = new LeadChanged("1", Source.Notification, Start, null);
        var page = new BulkPageReady(Guid.NewGuid(), 1, "77", Start, 1, false, null, "fields");

        await IsWaitedFor(new LeadsChangedConsumer(changes), new LeadsChanged([change]));
        await IsWaitedFor(new LeadsRereadConsumer(changes), new LeadsReread([change]));
        await IsWaitedFor(new LeadChangedConsumer(changes), change);
        var found = new CatchUpPageReady(Guid.NewGuid(), 1, [change]);
        (await IsWaitedFor(new CatchUpPageReadyConsumer(pages), found)).ShouldBeOfType<CatchUpPageProjected>();
        (await IsWaitedFor(new BulkPageReadyConsumer(new ReadyPages(leads, Publish, zoho.Time)), page)).ShouldBeOfType<BulkPageProjected>();
        (await IsWaitedFor<AnnounceMissing>(new CompareLeadsConsumer(comparison, null!), new(Guid.NewGuid())))
            .ShouldBeOfType<LeadsCompared>();
        // What these consumers do ends in the database alone.
        await FailsWithoutDatabase<RebuildViewConsumer, RebuildView>(new(Guid.NewGuid()));
        await FailsWithoutDatabase<ForgetLeadConsumer, ForgetLead>(new("1", "a reason", "a person", Start));
        await FailsWithoutDatabase<ReplayChangesConsumer, ReplayChanges>(new(Start));
        ShouldBeAllOf(typeof(RebuildViewConsumer).Assembly);
    }

    [Fact]
    public async Task the_scheduler_acknowledges_a_message_only_when_it_is_recorded()
    {
        var consumer = new SyncEventConsumer(new Log(Publish));
        var heard = typeof(SyncEventConsumer).GetInterfaces()
            .Where(one => one.IsGenericType && one.GetGenericTypeDefinition() == typeof(IConsumer<>)).ToList();
        heard.Count.ShouldBeGreaterThan(15);
        foreach (var one in heard)
        {
            var type = one.GenericTypeArguments.Single();
            var message = RuntimeHelpers.GetUninitializedObject(type);
            var consume = one.GetMethod(nameof(IConsumer<object>.Consume))!;

            (await IsWaitedFor(() => (Task)consume.Invoke(consumer, [Delivery.Of(type, message)])!))
                .ShouldBeSameAs(message, type.Name);
        }
    }

    /// <returns>The first published message.</returns>
    private async Task<object> IsWaitedFor<T>(IConsumer<T> consumer, T message, bool redelivered = false)
        where T : class
    {
        tried.Add(consumer.GetType());
        return await IsWaitedFor(() => consumer.Consume(Delivery.Of(message, redelivered)));
    }

    private async Task<object> IsWaitedFor(Func<Task> consume)
    {
        published = new(TaskCreationOptions.RunContinuationsAsynchronously);
        confirmed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        var consumed = consume();
        var message = await published.Task.WaitAsync(Stop);
        consumed.IsCompleted.ShouldBeFalse($"the message was acknowledged before {message.GetType().Name} was confirmed");
        confirmed.SetResult();
        await consumed;

        return message;
    }

    private async Task FailsWithoutDatabase<TConsumer, T>(T message)
        where TConsumer : class, IConsumer<T>
        where T : class
    {
        tried.Add(typeof(TConsumer));
        await using var database = NpgsqlDataSource.Create("Host=127.0.0.1;Port=1");
        using var http = new HttpClient();
        await using var services = new ServiceCollection()
            .AddLogging()
            .AddSingleton(TimeProvider.System)
            .AddSingleton(database)
            .AddKeyedSingleton(PostgresSettings.LongWork, database)
            .AddSingleton<Publish>(Publish)
            .AddSingleton(new GatewayClient(http))
            .AddParking("projector")
            .AddProjection()
            .AddSingleton<WebhookProgress>()
            .BuildServiceProvider();

        var consumer = ActivatorUtilities.CreateInstance<TConsumer>(services);
        (await Should.ThrowAsync<Exception>(() => consumer.Consume(Delivery.Of(message)))).ToString().ShouldContain("refused");
    }

    private void ShouldBeAllOf(Assembly service) => service.GetTypes()
        .Where(type => type is { IsAbstract: false } && type.IsAssignableTo(typeof(IConsumer)))
        .Except(tried).ShouldBeEmpty("give the consumer a line in this test");

    private Task Publish(object message, CancellationToken ct)
    {
        published.TrySetResult(message);
        return confirmed.Task.WaitAsync(ct);
    }

    /// <summary>A database that answers when the test allows it.</summary>
    private sealed class Projection(Func<object, CancellationToken, Task> folded) : ILeadProjection, IPageSource, IMissingLeads
    {
        public async Task<IReadOnlyList<(string Id, Folded Folded)>> Project(
            IReadOnlyList<(LeadChanged Change, ActivityContext Trace)> changes, string origin, CancellationToken ct)
        {
            await folded(changes, ct);
            return [];
        }

        public Task<PageOutcome> Project(BulkPageReady page, CancellationToken ct) => Task.FromResult(new PageOutcome(1, 0, 0, [], 0));

        public Task<(int Living, int Missing, bool IsComplete)> Count(CompareLeads run, CancellationToken ct) =>
            Task.FromResult((1, 0, true));

        public Task<IReadOnlyList<string>> Find(CompareLeads run, CancellationToken ct) => Task.FromResult<IReadOnlyList<string>>([]);

        public Task HoldBack(CompareLeads run, int living, CancellationToken ct) => Task.CompletedTask;

        public Task<(int Living, IReadOnlyList<string> Missing)> HeldBack(Guid runId, CancellationToken ct) =>
            Task.FromResult<(int, IReadOnlyList<string>)>((1, []));

        public Task Remember(LeadsCompared answer, CancellationToken ct) => Task.CompletedTask;

        public Task<LeadsCompared?> Answer(Guid runId, CancellationToken ct) => Task.FromResult<LeadsCompared?>(null);
    }

    private sealed class Log(Func<object, CancellationToken, Task> recorded) : ISyncLog
    {
        public Task<bool> TryRecord(IReadOnlyCollection<object> decisions, long madeFrom, CancellationToken cancellation) =>
            throw new NotSupportedException();

        public Task Record(IReadOnlyCollection<object> facts, CancellationToken cancellation) =>
            recorded(facts.Single(), cancellation);
    }
}
