using System.Text;
using System.Text.Json;
using LeadSync.Gateway.Zoho.Apis;
using LeadSync.Gateway.Zoho.Calls;

namespace LeadSync.UnitTests.Gateway.Zoho.Apis;

public sealed class BulkReadApiTests
{
    private readonly StubHttp http = new();

    [Fact]
    public async Task a_first_page_names_module_page_fields_and_criteria()
    {
        http.Api = _ =>
            (201, """
                {"data":[{"status":"success","code":"ADDED_SUCCESSFULLY",
                  "details":{"id":"77","operation":"read","state":"ADDED","created_time":"2026-08-20T03:00:00-07:00"}}],"info":{}}
                """);

        var job = await http.BulkReads.CreateBulkJob(
            new BulkQuery(1, null, ["Company", "Modified_Time"], FakeZoho.Start, "https://sync.test/b?k=s"),
            TestContext.Current.CancellationToken);

        job.ShouldBe(new CreatedBulkJob("77", FakeZoho.Start));
        var call = http.ApiCalls.Single();
        call.Url.ShouldBe("https://api.test/crm/bulk/v8/read");
        call.Length.ShouldBe(call.Body.Length, "a server need not read chunks");
        Json(call.Body).ShouldBe(Json("""
            {"query":{"module":{"api_name":"Leads"},"page":1,"fields":["Company","Modified_Time"],
              "criteria":{"field":{"api_name":"Modified_Time"},"comparator":"greater_equal","value":"2026-08-20T10:00:00+00:00"}},
             "callback":{"url":"https://sync.test/b?k=s","method":"post"}}
            """));
    }

    [Fact]
    public async Task a_page_token_replaces_all_other_parameters()
    {
        http.Api = _ => (201, """{"data":[{"status":"success","details":{"id":"78"}}]}""");

        var job = await http.BulkReads.CreateBulkJob(
            new BulkQuery(2, "next", ["Company"], FakeZoho.Start, null), TestContext.Current.CancellationToken);

        job.CreatedTime.ShouldBeNull();
        Json(http.ApiCalls.Single().Body).ShouldBe(Json("""{"query":{"page_token":"next"}}"""));
    }

    [Theory]
    [InlineData(
        """
        {"data":[{"id":"77","state":"COMPLETED","created_time":"2026-08-20T03:00:00-07:00",
          "result":{"page":1,"per_page":200000,"count":142,"download_url":"/crm/bulk/v8/read/77/result","more_records":false}}]}
        """,
        142, false, null)]
    [InlineData(
        """
        {"data":[{"id":"77","state":"COMPLETED",
          "result":{"per_page":200000,"count":"200000","more_records":true,"next_page_token":"n"}}]}
        """,
        200_000, true, "n")]
    [InlineData("""{"data":[{"id":"77","state":"COMPLETED","result":{"per_page":100,"count":100}}]}""", 100, true, null)]
    [InlineData("""{"data":[{"id":"77","state":"COMPLETED","result":{"count":0}}]}""", 0, false, null)]
    [InlineData("""{"data":[{"id":"77","state":"COMPLETED"}]}""", 0, false, null)]
    public async Task a_status_names_the_rows_and_the_next_page(string body, long rows, bool more, string? token)
    {
        http.Api = _ => (200, body);

        var job = await http.BulkReads.ReadBulkJob("77", TestContext.Current.CancellationToken);

        (job.State, job.Rows, job.MoreRecords, job.NextPageToken).ShouldBe(("COMPLETED", rows, more, token));
    }

    [Fact]
    public async Task a_failure_says_its_code()
    {
        http.Api = _ =>
            (200, """
                {"data":[{"id":"77","state":"FAILURE",
                  "result":{"error_message":{"status":"error","code":"INTERNAL_SERVER_ERROR","details":{}}}}]}
                """);

        (await http.BulkReads.ReadBulkJob("77", TestContext.Current.CancellationToken)).FailureCode.ShouldBe("INTERNAL_SERVER_ERROR");
    }

    [Fact]
    public async Task a_file_is_streamed_unchanged()
    {
        http.Api = _ => (200, "PK...");

        await using var result = await http.BulkReads.OpenBulkResult("77", TestContext.Current.CancellationToken);

        using var reader = new StreamReader(result!.Content);
        (await reader.ReadToEndAsync(TestContext.Current.CancellationToken)).ShouldBe("PK...");
        http.ApiCalls.Single().Url.ShouldBe("https://api.test/crm/bulk/v8/read/77/result");
    }

    [Fact]
    public async Task a_job_without_rows_may_have_no_file()
    {
        http.Api = _ => (204, "");

        (await http.BulkReads.OpenBulkResult("77", TestContext.Current.CancellationToken)).ShouldBeNull();
    }

    /// <summary>Without a database, a replica makes one call at a time.</summary>
    [Fact]
    public async Task a_file_that_is_still_being_downloaded_is_a_call_that_others_wait_for()
    {
        http.Api = sent => sent.Url switch
        {
            _ when sent.Url.EndsWith("/result", StringComparison.Ordinal) => (200, "zip"),
            _ when sent.Url.EndsWith("/78", StringComparison.Ordinal) => (200, """{"data":[{"state":"ADDED"}]}"""),
            _ => (204, ""),
        };
        var file = await http.BulkReads.OpenBulkResult("77", TestContext.Current.CancellationToken);

        var other = http.BulkReads.ReadBulkJob("78", TestContext.Current.CancellationToken);
        // A live call goes through, so the other one would have, too.
        await http.Records.ReadLead("1", [], Lane.Live, TestContext.Current.CancellationToken);

        http.ApiCalls.ShouldNotContain(call => call.Url.EndsWith("/78", StringComparison.Ordinal));
        await file!.DisposeAsync();
        (await other).State.ShouldBe("ADDED");
    }

    [Theory]
    [InlineData("/crm/v8/read/77/result", "https://api.test/crm/v8/read/77/result")]
    [InlineData("https://elsewhere.test/crm/v8/read/77/result", null)]
    [InlineData("//elsewhere.test/crm/v8/read/77/result", null)]
    [InlineData("/crm/v8/read/78/result", null)]
    [InlineData("/crm/bulk/v8/read/77/result", null)]
    public async Task only_another_path_of_the_same_job_on_the_same_host_is_tried(string downloadUrl, string? tried)
    {
        http.Api = sent => sent.Url switch
        {
            "https://api.test/crm/bulk/v8/read/77/result" => (404, """{"code":"RESOURCE_NOT_FOUND","status":"error"}"""),
            "https://api.test/crm/bulk/v8/read/77" =>
                (200, $$"""{"data":[{"state":"COMPLETED","result":{ "download_url":"{{downloadUrl}}" } }]}"""),
            _ => (200, "PK..."),
        };

        if (tried is null)
            await Should.ThrowAsync<ZohoException>(() => http.BulkReads.OpenBulkResult("77", TestContext.Current.CancellationToken));
        else
            await (await http.BulkReads.OpenBulkResult("77", TestContext.Current.CancellationToken)).ShouldNotBeNull().DisposeAsync();

        http.ApiCalls.Skip(2).Select(call => call.Url).ShouldBe(tried is null ? [] : [tried]);
    }

    private static string Json(string text) => JsonSerializer.Serialize(ZohoJson.Parse(Encoding.UTF8.GetBytes(text)));
}
