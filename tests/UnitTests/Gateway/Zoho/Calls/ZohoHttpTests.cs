using System.Net.Http.Headers;
using LeadSync.Contracts;
using LeadSync.Gateway.Zoho.Apis;
using LeadSync.Gateway.Zoho.Calls;
using LeadSync.Gateway.Zoho.Tokens;
using Microsoft.Extensions.Time.Testing;

namespace LeadSync.UnitTests.Gateway.Zoho.Calls;

public sealed class ZohoHttpTests
{
    private readonly StubHttp http = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task leads_are_read_by_ids_and_fields_including_converted_ones()
    {
        http.Api = _ =>
            (200, """{"data":[{"id":"2","Company":"b","Modified_Time":"2026-08-20T10:00:00+00:00"}],"info":{"more_records":false}}""");

        var leads = await http.Records.ReadLeads(
            ["1", "2"], [new LeadField("Company", FieldType.Text)], Lane.Live, TestContext.Current.CancellationToken);

        leads.ShouldHaveSingleItem().Fields["Company"].ShouldBe("b");
        var call = http.ApiCalls.Single();
        call.Url.ShouldBe(
            "https://api.test/crm/v8/Leads?ids=1,2&fields=id,Modified_Time,Company&converted=both&per_page=200&approved=both");
        call.Authorization.ShouldBe("Zoho-oauthtoken token-1");
    }

    [Fact]
    public async Task a_single_read_includes_converted_leads_and_leads_that_wait_for_an_approval()
    {
        http.Api = _ => (200, """{"data":[{"id":"1","Modified_Time":"2026-08-20T10:00:00+00:00"}]}""");

        (await http.Records.ReadLead("1", [], Lane.Live, TestContext.Current.CancellationToken)).ShouldNotBeNull();

        http.ApiCalls.Single().Url.ShouldBe("https://api.test/crm/v8/Leads/1?converted=both&approved=both");
    }

    [Fact]
    public async Task a_parameter_that_zoho_does_not_know_any_more_is_left_out_from_then_on()
    {
        http.Api = sent =>
            sent.Url.Contains("approved", StringComparison.Ordinal) ? (400, """{"code":"NEVER_HEARD_OF","status":"error"}""") : (204, "");
        var records = http.Records;

        for (var time = 0; time < 2; time++)
            await records.ReadLead("1", [], Lane.Live, TestContext.Current.CancellationToken);

        http.ApiCalls.Count(call => call.Url.Contains("approved", StringComparison.Ordinal)).ShouldBe(1);
        http.ApiCalls.Count().ShouldBe(3);
    }

    [Theory]
    [InlineData(204)]
    [InlineData(304)]
    public async Task an_empty_answer_is_an_empty_list(int status)
    {
        http.Api = _ => (status, "");

        var modified = await http.Records.ListModified(FakeZoho.Start, 1, TestContext.Current.CancellationToken);
        (modified.Leads.Count, modified.More).ShouldBe((0, false));
        var deleted = await http.Records.ListDeleted(FakeZoho.Start, 1, Lane.Live, TestContext.Current.CancellationToken);
        (deleted.Leads.Count, deleted.More).ShouldBe((0, false));
        (await http.Records.ReadLead("1", [], Lane.Live, TestContext.Current.CancellationToken)).ShouldBeNull();
        (await http.Watch.FindChannel("1000", TestContext.Current.CancellationToken)).ShouldBeNull();
        http.ApiCalls.First().IfModifiedSince.ShouldBe("2026-08-20T10:00:00+00:00");
    }

    [Fact]
    public async Task purged_leads_without_names_are_listed_as_well()
    {
        http.Api = _ =>
            (200, """
                {"data":[{"deleted_by":null,"id":"1","display_name":null,"type":"permanent","deleted_time":"2026-06-26T11:44:15+05:30"}],
                 "info":{"more_records":true}}
                """);

        var page = await http.Records.ListDeleted(null, 3, Lane.Live, TestContext.Current.CancellationToken);

        page.More.ShouldBeTrue();
        page.Leads.ShouldBe([new DeletedLead("1", new DateTimeOffset(2026, 6, 26, 6, 14, 15, TimeSpan.Zero))]);
        http.ApiCalls.Single().IfModifiedSince.ShouldBeNull();
    }

    [Theory]
    [InlineData(401, "INVALID_TOKEN")]
    [InlineData(401, "AUTHENTICATION_FAILURE")]
    [InlineData(200, "INVALID_TOKEN")]
    public async Task a_refused_token_is_replaced_and_the_call_repeated(int status, string code)
    {
        http.Api = sent =>
            sent.Authorization == "Zoho-oauthtoken token-1" ? (status, $$"""{"code":"{{code}}","status":"error"}""") : (204, "");

        await http.Records.ReadLead("1", [], Lane.Live, TestContext.Current.CancellationToken);

        http.ApiCalls.Count().ShouldBe(2);
        http.TokenCalls.Count().ShouldBe(2);
    }

    [Fact]
    public async Task a_second_refusal_is_final()
    {
        http.Api = _ => (401, """{"code":"INVALID_TOKEN","status":"error"}""");

        (await Should.ThrowAsync<ZohoException>(() => http.Records.ReadLead("1", [], Lane.Live, TestContext.Current.CancellationToken)))
            .Kind.ShouldBe(ZohoErrorKind.Auth);
        http.ApiCalls.Count().ShouldBe(2);
    }

    [Fact]
    public async Task a_missing_scope_is_not_mistaken_for_a_bad_token()
    {
        http.Api = _ => (401, """{"code":"OAUTH_SCOPE_MISMATCH","status":"error"}""");

        (await Should.ThrowAsync<ZohoException>(() => http.Fields.ReadFields(TestContext.Current.CancellationToken)))
            .Kind.ShouldBe(ZohoErrorKind.Permission);
        http.TokenCalls.Count().ShouldBe(1);
    }

    [Theory]
    [InlineData(429, """{"code":"TOO_MANY_REQUESTS","status":"error"}""")]
    [InlineData(200, """{"code":"TOO_MANY_REQUESTS","status":"error"}""")]
    [InlineData(503, "")]
    [InlineData(200, "<html>maintenance</html>")]
    public async Task a_passing_failure_is_retried(int status, string body)
    {
        http.Api = _ => http.ApiCalls.Count() < 4 ? (status, body) : (204, "");

        await http.Records.ReadLead("1", [], Lane.Live, TestContext.Current.CancellationToken);

        http.ApiCalls.Count().ShouldBe(4);
    }

    [Fact]
    public async Task a_lasting_failure_is_reported()
    {
        http.Api = _ => (503, "");

        (await Should.ThrowAsync<ZohoException>(() => http.Records.ReadLead("1", [], Lane.Live, TestContext.Current.CancellationToken)))
            .Kind.ShouldBe(ZohoErrorKind.Unavailable);

        http.ApiCalls.Count().ShouldBe(4, "while Zoho does not answer, further calls are not made");
    }

    [Theory]
    [InlineData(500, "INTERNAL_ERROR")]
    [InlineData(429, "TOO_MANY_REQUESTS")]
    public async Task while_zoho_fails_at_every_call_it_is_asked_about_once_a_minute_and_costs_nothing(int status, string code)
    {
        var time = new FakeTimeProvider(FakeZoho.Start);
        var zoho = new StubHttp { LaneTime = time, Api = _ => (status, $$"""{"code":"{{code}}","status":"error"}""") };
        var kinds = new HashSet<ZohoErrorKind>();

        for (var second = 0; second < 3_600; second++, time.Advance(TimeSpan.FromSeconds(1)))
        {
            kinds.Add((await Should.ThrowAsync<ZohoException>(() => Read("1"))).Kind);
            if (second % 60 == 0)
                await Should.ThrowAsync<ZohoException>(() => zoho.Records.ListModified(FakeZoho.Start, 1, Stop));
        }

        zoho.ApiCalls.Count().ShouldBeLessThan(2 * 70, "two lanes");
        zoho.Credits.Take().ShouldBe(0);
        kinds.ShouldHaveSingleItem("one outage has one cause");

        zoho.Api = _ => (204, "");
        time.Advance(TimeSpan.FromMinutes(1));
        (await Read("1")).ShouldBeNull();
        (await Read("2")).ShouldBeNull();

        Task<LeadPart?> Read(string id) => zoho.Records.ReadLead(id, [], Lane.Live, Stop);
    }

    [Fact]
    public async Task one_lead_at_which_zoho_always_fails_does_not_keep_the_others_from_being_read()
    {
        http.Api = sent => sent.Url.Contains("/Leads/1?", StringComparison.Ordinal)
            ? (500, """{"code":"INTERNAL_ERROR","status":"error"}""") : (204, "");
        await http.Records.ReadLeads(["1", "2"], [], Lane.Live, Stop);

        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Should.ThrowAsync<ZohoException>(() => Read("1"))));

        (await Read("2")).ShouldBeNull();

        Task<LeadPart?> Read(string id) => http.Records.ReadLead(id, [], Lane.Live, Stop);
    }

    [Fact]
    public async Task the_channel_is_kept_while_zoho_fails_at_every_call_about_leads()
    {
        http.Api = sent => sent.Url.Contains("/actions/watch", StringComparison.Ordinal)
            ? (204, "") : (500, """{"code":"INTERNAL_ERROR","status":"error"}""");
        for (var time = 0; time < 2; time++)
            await Should.ThrowAsync<ZohoException>(() => http.Records.ReadLead("1", [], Lane.Live, Stop));

        (await http.Watch.FindChannel("1", Stop)).ShouldBeNull();
    }

    [Fact]
    public async Task a_long_retry_after_fails_the_call()
    {
        http.Api = _ => (429, """{"code":"TOO_MANY_REQUESTS","status":"error"}""");
        http.RetryAfter = new RetryConditionHeaderValue(TimeSpan.FromMinutes(1));

        (await Should.ThrowAsync<ZohoException>(() => http.Fields.ReadFields(TestContext.Current.CancellationToken))).Kind.ShouldBe(
            ZohoErrorKind.Throttled);
        http.ApiCalls.Count().ShouldBe(1);
    }

    [Fact]
    public async Task a_wrong_request_is_not_repeated()
    {
        http.Api = _ => (400, """{"code":"INVALID_MODULE","status":"error"}""");

        await Should.ThrowAsync<ZohoException>(() => http.Fields.ReadFields(TestContext.Current.CancellationToken));

        http.ApiCalls.Count().ShouldBe(1);
    }

    public static TheoryData<Exception> NetworkFailures =>
    [
        new HttpRequestException(HttpRequestError.ConnectionError, "refused"),
        new HttpRequestException(HttpRequestError.NameResolutionError, "no such host"),
        new HttpRequestException(
            HttpRequestError.SecureConnectionError, "TLS", new System.Security.Authentication.AuthenticationException()),
        new System.Net.Sockets.SocketException((int)System.Net.Sockets.SocketError.ConnectionReset),
        new HttpIOException(HttpRequestError.ResponseEnded),
        // SocketsHttpHandler throws this after its ConnectTimeout, when a firewall drops SYNs.
        new TaskCanceledException(
            "connect", new TimeoutException("A connection could not be established within the configured ConnectTimeout.")),
    ];

    [Theory]
    [MemberData(nameof(NetworkFailures))]
    public async Task every_failure_of_the_network_is_reported_as_zoho_cannot_be_reached(Exception failure)
    {
        http.Failure = () => failure;

        var said = await Should.ThrowAsync<ZohoException>(() => http.BulkReads.CreateBulkJob(
            new BulkQuery(1, null, [], null, null), TestContext.Current.CancellationToken));

        (said.Kind, said.Status).ShouldBe((ZohoErrorKind.Unavailable, null));
        http.Credits.Take().ShouldBe(0, "a call without an answer costs nothing");
    }

    [Fact]
    public async Task the_creation_of_a_job_is_never_retried()
    {
        http.Api = _ => (503, "");

        await Should.ThrowAsync<ZohoException>(() => http.BulkReads.CreateBulkJob(
            new BulkQuery(1, null, [], null, null), TestContext.Current.CancellationToken));

        http.ApiCalls.Count().ShouldBe(1);
    }

    [Theory]
    [InlineData(200, """{"data":[{"details":{"id":"77"}}]}""", 50)]
    [InlineData(400, """{"code":"INVALID_DATA","status":"error"}""", 1)]
    [InlineData(429, """{"code":"TOO_MANY_REQUESTS","status":"error"}""", 0)]
    [InlineData(503, "<html>maintenance</html>", 0)]
    [InlineData(200, "<html>sign in</html>", 0)]
    [InlineData(404, "<html>blocked</html>", 0)]
    [InlineData(302, "", 0)]
    public async Task credits_are_counted_as_zoho_charges_them(int status, string body, long credits)
    {
        http.Api = _ => (status, body);

        try
        {
            await http.BulkReads.CreateBulkJob(new BulkQuery(1, null, [], null, null), TestContext.Current.CancellationToken);
        }
        catch (ZohoException)
        {
            // Only the price of the call matters here.
        }

        http.Credits.Take().ShouldBe(credits);
    }

    [Theory]
    [InlineData(200)]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(410)]
    public async Task a_page_of_html_is_an_outage_and_never_an_answer_about_a_lead(int status)
    {
        http.Api = _ => (status, "<html>blocked</html>");
        http.Date = FakeZoho.Start.AddHours(3);
        var zohoClock = new ZohoClock(http.Time);

        var refusal = await Should.ThrowAsync<ZohoException>(
            () => http.Records.ReadLead("1", [], Lane.Live, TestContext.Current.CancellationToken));
        await new ZohoWire(http, http.Options, zohoClock, http.Time).Send(
            new ZohoCall("record", HttpMethod.Get, "/", Lane.Live),
            new AccessToken("t", new Uri("https://api.test"), FakeZoho.Start.AddHours(1), FakeZoho.Start.AddHours(1)),
            TestContext.Current.CancellationToken);

        refusal.Kind.ShouldBe(ZohoErrorKind.Unavailable);
        zohoClock.IsMeasured.ShouldBeFalse();
    }

    /// <summary>If the gateway took such an answer for an empty list, it would lose changes, and believe a deletion.</summary>
    [Theory]
    [InlineData("{}")]
    [InlineData("""{"message":"please wait"}""")]
    [InlineData("""{"code":"NEVER_HEARD_OF"}""")]
    [InlineData("""{"data":"x","watch":"x"}""")]
    public async Task an_answer_without_its_list_proves_nothing(string body)
    {
        var zoho = new StubHttp { Api = _ => (200, body) };

        await Should.ThrowAsync<ZohoException>(() => zoho.Records.ListModified(FakeZoho.Start, 1, Stop));
        await Should.ThrowAsync<ZohoException>(() => zoho.Records.ListDeleted(null, 1, Lane.Live, Stop));
        await Should.ThrowAsync<ZohoException>(() => zoho.Records.ReadLead("1", [], Lane.Live, Stop));
        await Should.ThrowAsync<ZohoException>(() => zoho.Watch.FindChannel("1", Stop));
    }

    [Fact]
    public async Task a_list_that_says_that_it_is_empty_may_be_left_out()
    {
        var zoho = new StubHttp { Api = _ => (200, """{"info":{"count":0,"more_records":false}}""") };

        (await zoho.Records.ListModified(FakeZoho.Start, 1, Stop)).Leads.ShouldBeEmpty();
    }

    [Fact]
    public async Task an_answer_of_any_shape_is_read_or_refused()
    {
        string[] bodies = ["[]", "{}", "\"text\"", "{\"data\":7,\"fields\":\"x\",\"watch\":[[]],\"info\":[]}"];

        await Task.WhenAll(bodies.Select(body => new StubHttp { Api = _ => (200, body) }).SelectMany(Calls).Select(ReadOrRefuse));

        static Func<Task>[] Calls(StubHttp zoho) =>
        [
            () => zoho.Records.ReadLeads(["1"], [], Lane.Live, Stop), () => zoho.Records.ReadLead("1", [], Lane.Live, Stop),
            () => zoho.Records.ListModified(FakeZoho.Start, 1, Stop), () => zoho.Records.ListDeleted(null, 1, Lane.Live, Stop),
            () => zoho.Fields.ReadFields(Stop), () => zoho.Watch.FindChannel("1", Stop),
            () => zoho.Watch.OpenChannel(new WatchRequest("1", "t", "u", FakeZoho.Start), Stop),
            () => zoho.BulkReads.ReadBulkJob("1", Stop), () => zoho.BulkReads.CreateBulkJob(new BulkQuery(1, null, [], null, null), Stop),
        ];

        async Task ReadOrRefuse(Func<Task> call)
        {
            try
            {
                await call();
            }
            catch (ZohoException)
            {
                // Only this exception may leave the method.
            }
        }
    }

    [Fact]
    public void a_request_as_text_shows_no_secrets()
    {
        object[] requests =
        [
            new WatchRequest("1", "s3cret", "https://x?k=s3cret", FakeZoho.Start), new WatchedChannel("1", [], "s3cret", "s3cret", null),
            new BulkQuery(1, null, [], null, "s3cret"), new ZohoCall("watch", HttpMethod.Post, "s3cret", Lane.Live) { Body = "s3cret" },
        ];

        requests.ShouldAllBe(request => !request.ToString()!.Contains("s3cret"));
    }

    [Fact]
    public void the_remaining_credits_that_zoho_stated_last_count_for_an_hour()
    {
        http.Credits.Answered(1, left: 0, isSuccess: true, FakeZoho.Start);
        http.Credits.Answered(1, left: null, isSuccess: true, FakeZoho.Start.AddMinutes(1));
        http.Credits.Answered(1, left: null, isSuccess: true, FakeZoho.Start.AddHours(1));
        http.Credits.Answered(0, left: null, isSuccess: false, FakeZoho.Start.AddHours(2));
        http.Credits.Said!.Remaining.ShouldBe(0);

        http.Credits.Answered(1, left: null, isSuccess: true, FakeZoho.Start.AddHours(2));
        http.Credits.Said!.Remaining.ShouldBeNull("Zoho states no remaining credits while more than half are left");
    }

    [Fact]
    public async Task when_the_days_credits_are_used_up_only_calls_for_the_channel_are_made()
    {
        http.Credits.Recorded(FakeZoho.Options.DailyCredits!.Value);

        (await Should.ThrowAsync<ZohoException>(() => http.Fields.ReadFields(TestContext.Current.CancellationToken)))
            .Message.ShouldContain("Zoho__DailyCredits");
        (await http.Watch.FindChannel("1000000068001", TestContext.Current.CancellationToken)).ShouldBeNull();

        http.ApiCalls.ShouldHaveSingleItem().Url.ShouldContain("/actions/watch");
    }

    [Fact]
    public async Task fields_are_described()
    {
        http.Api = _ => (200, """
            {"fields":[
              {"api_name":"Score","data_type":"formula","formula":{"return_type":"double"}},
              {"api_name":"Products","data_type":"multiselectpicklist","json_type":"jsonarray",
               "pick_list_values":[{"display_value":"Laptop","actual_value":"laptop"},{"display_value":"Phone","actual_value":"Phone"}]},
              {"display_label":"nameless"}]}
            """);

        var fields = await http.Fields.ReadFields(TestContext.Current.CancellationToken);

        fields.Select(field => (field.ApiName, field.ReturnType)).ShouldBe([("Score", "double"), ("Products", null)]);
        fields[1].Choices.ShouldBe(["laptop", "Laptop", "Phone"]);
    }
}
