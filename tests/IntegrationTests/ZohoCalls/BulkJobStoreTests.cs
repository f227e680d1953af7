using System.Collections.Concurrent;
using LeadSync.Contracts;
using LeadSync.Gateway;
using LeadSync.Gateway.BulkReads;
using LeadSync.Gateway.Zoho;
using LeadSync.Gateway.Zoho.Apis;
using LeadSync.Gateway.Zoho.Calls;
using LeadSync.Gateway.Zoho.Fields;
using LeadSync.ServiceDefaults;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace LeadSync.IntegrationTests.ZohoCalls;

/// <summary>All replicas share the jobs of a bulk read in the database.</summary>
public sealed class BulkJobStoreTests(OwnServers own) : IClassFixture<OwnServers>, IAsyncDisposable
{
    private readonly StartBulkRead command = new(Guid.NewGuid(), 1, PageToken: null, ModifiedSince: null);
    private readonly HeldZoho zoho = new();
    private readonly ConcurrentQueue<object> published = [];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private NpgsqlDataSource Database { get; } = NpgsqlDataSource.Create(own.Postgres);

    public ValueTask DisposeAsync() => Database.DisposeAsync();

    [Fact]
    public async Task a_command_that_is_repeated_at_another_replica_while_zoho_still_creates_the_job_creates_no_second_one()
    {
        var (first, second) = (Replica(), Replica());
        var creating = first.Start(command, Stop);
        await zoho.Asked.WaitAsync(Stop);

        await second.Start(command, Stop).WaitAsync(TimeSpan.FromSeconds(30), Stop);
        published.ShouldBeEmpty();
        zoho.MayAnswer.SetResult();
        await creating;
        await second.Start(command, Stop);

        zoho.Created.ShouldBe(1);
        published.Cast<BulkJobCreated>().Select(created => created.JobId).ShouldBe(["77", "77"]);
    }

    private BulkJobs Replica()
    {
        var settings = new Settings(new ConfigurationBuilder()
            .AddInMemoryCollection([new("Gateway:PublicUrl", "https://sync.test")]).Build());
        var options = new ZohoOptions
        {
            AccountsUrl = new Uri("https://accounts.test"),
            ClientId = "client",
            ClientSecret = "secret",
            RefreshToken = "refresh",
        };
        var catalog = new LeadFieldCatalog(
            zoho, options, Publish, new ZohoClock(TimeProvider.System), TimeProvider.System, NullLogger<LeadFieldCatalog>.Instance);
        return new BulkJobs(
            new BulkReading(zoho, catalog, GatewayOptions.From(settings, "secret"), new ZohoClock(TimeProvider.System)),
            new BulkJobStore(Database), Publish, NullLogger<BulkJobs>.Instance);
    }

    private Task Publish(object message, CancellationToken ct)
    {
        published.Enqueue(message);
        return Task.CompletedTask;
    }

    /// <summary>A Zoho that creates a job only when the test says so.</summary>
    private sealed class HeldZoho : IBulkReadApi, IFieldsApi
    {
        private int created;

        public SemaphoreSlim Asked { get; } = new(0);

        public TaskCompletionSource MayAnswer { get; } = new();

        public int Created => created;

        public async Task<CreatedBulkJob> CreateBulkJob(BulkQuery query, CancellationToken ct)
        {
            Interlocked.Increment(ref created);
            Asked.Release();
            await MayAnswer.Task.WaitAsync(ct);
            return new CreatedBulkJob("77", DateTimeOffset.UnixEpoch);
        }

        public Task<IReadOnlyList<FieldDescription>> ReadFields(CancellationToken ct) =>
            Task.FromResult<IReadOnlyList<FieldDescription>>([new("Last_Name", "text")]);

        public Task<BulkJob> ReadBulkJob(string jobId, CancellationToken ct) => throw new NotSupportedException();

        public Task<BulkResult?> OpenBulkResult(string jobId, CancellationToken ct) => throw new NotSupportedException();
    }
}
