using LeadSync.Contracts;
using LeadSync.Gateway;
using LeadSync.Gateway.BulkReads;
using LeadSync.Gateway.Zoho.Apis;
using LeadSync.Gateway.Zoho.Calls;
using LeadSync.Gateway.Zoho.Fields;
using LeadSync.ServiceDefaults;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using static LeadSync.UnitTests.Gateway.FakeZoho;

namespace LeadSync.UnitTests.Gateway.BulkReads;

public sealed class BulkJobsTests
{
    private static readonly Guid Run = Guid.Parse("5f0c2a5e-0f0f-4c55-8a15-2f9b8f8a0002");

    private readonly FakeZoho zoho = new();
    private readonly KeptJobs store = new();
    private readonly List<object> published = [];

    [Fact]
    public async Task a_job_names_its_fields_and_where_to_call()
    {
        (await Start(new StartBulkRead(Run, 1, null, ModifiedSince: FakeZoho.Start)))
            .ShouldBe(new BulkJobCreated(Run, 1, "77", FakeZoho.Start));

        zoho.Query!.Fields.ShouldBe(["Last_Name", "Description", "Modified_Time"]);
        zoho.Query.CallbackUrl.ShouldBe("https://sync.test/zoho/bulk-reads?k=secret");
        zoho.Query.ModifiedSince.ShouldBe(FakeZoho.Start);
    }

    [Fact]
    public async Task more_than_two_hundred_fields_are_all_fields()
    {
        zoho.Fields.AddRange(Enumerable.Range(0, 198).Select(number => new FieldDescription($"Custom_{number}", "text")));

        await Start(new StartBulkRead(Run, 1, null, null));

        zoho.Query!.Fields.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("INVALID_CALLBACK_URL")]
    [InlineData("CALLBACK_FAILURE")]
    [InlineData("NEVER_HEARD_OF")]
    public async Task when_zoho_refuses_the_callback_the_job_is_created_without_one(string code)
    {
        zoho.OnCall = call => { if (call == "bulk" && zoho.Query!.CallbackUrl is not null) throw Rejection(code); };

        (await Start(new StartBulkRead(Run, 1, null, null))).ShouldBeOfType<BulkJobCreated>();
    }

    [Fact]
    public async Task a_field_that_zoho_does_not_export_does_not_stop_the_others()
    {
        zoho.OnCall = call => { if (call == "bulk" && zoho.Query!.Fields.Count > 0) throw Rejection("FIELD_NOT_SUPPORTED"); };

        (await Start(new StartBulkRead(Run, 1, null, null))).ShouldBeOfType<BulkJobCreated>();
    }

    [Theory]
    [InlineData("EXPIRED_VALUE", 2, true)]
    [InlineData("PAGE_NOT_SUPPORTED", 2, true)]
    [InlineData("INVALID_DATA", 2, true)]
    [InlineData("NEVER_HEARD_OF", 2, true)]
    [InlineData("PAGE_NOT_SUPPORTED", 1, false)]
    public async Task a_page_that_zoho_refuses_for_good_begins_the_run_again(string code, int page, bool restartRun)
    {
        zoho.OnCall = call => { if (call == "bulk") throw Rejection(code); };

        var failed = (await Start(new StartBulkRead(Run, page, "token", null))).ShouldBeOfType<BulkJobFailed>();

        failed.RestartRun.ShouldBe(restartRun);
        failed.Reason.ShouldContain(code);
    }

    [Theory]
    [InlineData("Throttled")]
    [InlineData("Unavailable")]
    [InlineData("Permission")]
    public async Task a_page_that_zoho_does_not_refuse_is_asked_for_again(string kind)
    {
        zoho.OnCall = call => { if (call == "bulk") throw new ZohoException(Enum.Parse<ZohoErrorKind>(kind), "CODE", 400); };

        (await Start(new StartBulkRead(Run, 2, "token", null))).ShouldBeOfType<BulkJobFailed>().RestartRun.ShouldBeFalse();
    }

    [Theory]
    [InlineData("COMPLETED")]
    [InlineData("completed")]
    public async Task a_completed_job_is_a_page(string state)
    {
        zoho.Job = new BulkJob(state, FakeZoho.Start, Rows: 200_000, MoreRecords: true, NextPageToken: "next");

        var page = (await Check()).ShouldBeOfType<BulkPageReady>();

        page.ShouldBe(new BulkPageReady(Run, 1, "77", FakeZoho.Start, 200_000, MoreRecords: true, "next", page.FieldSet));
        page.FieldSet.ShouldNotBeNullOrEmpty();
    }

    [Theory]
    [InlineData("ADDED")]
    [InlineData("QUEUED")]
    [InlineData("IN PROGRESS")]
    [InlineData("THINKING")]
    [InlineData("")]
    public async Task a_running_job_publishes_nothing(string state)
    {
        zoho.Job = new BulkJob(state, FakeZoho.Start, Rows: 5);

        (await Check()).ShouldBeNull();
    }

    [Fact]
    public async Task a_failed_job_says_why()
    {
        zoho.Job = new BulkJob("FAILURE", FailureCode: "INTERNAL_SERVER_ERROR");

        (await Check()).ShouldBeOfType<BulkJobFailed>().Reason.ShouldContain("INTERNAL_SERVER_ERROR");
    }

    [Fact]
    public async Task a_job_that_zoho_does_not_know_has_failed()
    {
        zoho.OnCall = _ => throw new ZohoException(ZohoErrorKind.NotFound, "RESOURCE_NOT_FOUND", 404);

        (await Check()).ShouldBeOfType<BulkJobFailed>();
    }

    [Fact]
    public async Task an_outage_publishes_nothing_about_a_job()
    {
        zoho.OnCall = _ => throw Outage();

        (await Check()).ShouldBeNull();
    }

    [Fact]
    public async Task a_job_is_created_once_however_often_its_command_arrives()
    {
        var first = await Start(new StartBulkRead(Run, 1, null, null));

        (await Start(new StartBulkRead(Run, 1, null, null))).ShouldBe(first);

        zoho.Calls.Count(call => call == "bulk").ShouldBe(1);
    }

    [Fact]
    public async Task a_failed_job_is_replaced_by_another()
    {
        await Start(new StartBulkRead(Run, 1, null, null));

        await Start(new StartBulkRead(Run, 1, null, null, FailedJobIds: ["76", "77"]));

        zoho.Calls.Count(call => call == "bulk").ShouldBe(2);
    }

    [Fact]
    public async Task a_job_that_could_not_be_stored_or_announced_at_once_is_not_created_again()
    {
        var jobs = Jobs();
        store.Fails = true;
        await Should.ThrowAsync<InvalidOperationException>(() => jobs.Start(new StartBulkRead(Run, 1, null, null), Stop));
        store.Fails = false;

        await jobs.Start(new StartBulkRead(Run, 1, null, null), Stop);

        published.ShouldHaveSingleItem().ShouldBeOfType<BulkJobCreated>();
        zoho.Calls.Count(call => call == "bulk").ShouldBe(1);
    }

    [Fact]
    public async Task a_page_names_the_requested_fields_even_after_the_fields_have_changed()
    {
        await Start(new StartBulkRead(Run, 1, null, null));
        var asked = store.Jobs.Values.Single().FieldSet;
        zoho.Fields.Add(new FieldDescription("New", "text"));
        zoho.Time.Advance(TimeSpan.FromHours(1));
        zoho.Job = new BulkJob("COMPLETED", FakeZoho.Start);

        (await Check()).ShouldBeOfType<BulkPageReady>().FieldSet.ShouldBe(asked);
    }

    [Fact]
    public async Task the_rows_of_a_later_page_may_be_as_old_as_the_first_job()
    {
        store.Jobs[(Run, 1)] = new StoredJob("76", FakeZoho.Start.AddMinutes(-20), "fields");
        zoho.Job = new BulkJob("COMPLETED", FakeZoho.Start);
        published.Clear();

        await Jobs().Check(new CheckBulkJob(Run, 2, "77"), Stop);

        published.ShouldHaveSingleItem().ShouldBeOfType<BulkPageReady>().CreatedTime.ShouldBe(FakeZoho.Start.AddMinutes(-20));
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private async Task<object> Start(StartBulkRead start)
    {
        published.Clear();
        await Jobs().Start(start, Stop);
        return published.ShouldHaveSingleItem();
    }

    private async Task<object?> Check()
    {
        published.Clear();
        await Jobs().Check(new CheckBulkJob(Run, 1, "77"), Stop);
        return published.SingleOrDefault();
    }

    private BulkJobs Jobs()
    {
        var settings = new Settings(new ConfigurationBuilder()
            .AddInMemoryCollection([new("Gateway:PublicUrl", "https://sync.test")]).Build());
        var reading = new BulkReading(zoho, zoho.Catalog, GatewayOptions.From(settings, "secret"), new ZohoClock(zoho.Time));
        return new BulkJobs(reading, store, Publish, NullLogger<BulkJobs>.Instance);
    }

    private Task Publish(object message, CancellationToken ct)
    {
        published.Add(message);
        return Task.CompletedTask;
    }
}

internal sealed class KeptJobs : IBulkJobStore
{
    public Dictionary<(Guid, int), StoredJob> Jobs { get; } = [];

    public bool Fails { get; set; }

    public Task<IAsyncDisposable?> Reserve(Guid runId, int page, CancellationToken ct) =>
        Task.FromResult<IAsyncDisposable?>(Stream.Null);

    public Task<StoredJob?> Find(Guid runId, int page, CancellationToken ct) => Task.FromResult(Jobs.GetValueOrDefault((runId, page)));

    public Task Keep(Guid runId, int page, StoredJob job, CancellationToken ct)
    {
        if (Fails)
            throw new InvalidOperationException("the database is away");

        Jobs[(runId, page)] = job;
        return Task.CompletedTask;
    }
}
