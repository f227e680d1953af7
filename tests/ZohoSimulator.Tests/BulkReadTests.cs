using System.Net;
using System.Text.Json;

namespace LeadSync.ZohoSimulator.Tests;

public sealed class BulkReadTests
{
    [Theory]
    [InlineData("v8", "BulkPageTokens=true")]
    [InlineData("v8", "BulkPageTokens=false")]
    [InlineData("v6", "BulkPageTokens=true")]
    public async Task the_pages_together_hold_every_living_lead_once_by_id(string version, string paging)
    {
        await using var zoho = await BulkReads.StartAsync("Leads=25", "BulkPerPage=10", paging);
        await zoho.Zoho.ChangeAsync("delete", new { count = 2 });

        var ids = new List<string>();
        var pages = 0;
        for (object? next = BulkReads.AllLeads; next is not null; pages++)
        {
            var job = await zoho.CompleteAsync(version, next);
            ids.AddRange((await zoho.RowsAsync(job)).Select(row => row["Id"]));
            next = BulkReads.Next(job, pages + 2);
        }

        pages.ShouldBe(3);
        var living = (await zoho.Zoho.TruthAsync()).Where(lead => lead.GetProperty("alive").GetBoolean());
        ids.ShouldBe(living.Select(lead => $"{lead.GetProperty("id")}"));
    }

    [Fact]
    public async Task v8_refuses_a_page_beyond_the_first_without_a_token()
    {
        await using var zoho = await BulkReads.StartAsync();
        var refused = await zoho.Zoho.PostAsync("/crm/bulk/v8/read", new { query = new { module = new { api_name = "Leads" }, page = 2 } });
        refused.Status.ShouldBe(HttpStatusCode.BadRequest);
        refused.Code.ShouldBe("PAGE_RANGE_EXCEEDED");
    }

    [Fact]
    public async Task a_page_token_expires_after_a_day()
    {
        await using var zoho = await BulkReads.StartAsync("BulkPerPage=10");
        var next = BulkReads.Next(await zoho.CompleteAsync("v8", BulkReads.AllLeads), 2)!;
        await zoho.Zoho.AdvanceAsync(TimeSpan.FromHours(25));
        await zoho.Zoho.RenewTokenAsync();
        (await zoho.Zoho.PostAsync("/crm/bulk/v8/read", next)).Code.ShouldBe("EXPIRED_VALUE");
    }

    [Fact]
    public async Task rows_are_those_of_the_jobs_creation_unless_the_picture_moves()
    {
        await using var zoho = await BulkReads.StartAsync("BulkInProgressFor=00:00:00.300");
        var created = await zoho.CreateAsync("v8", BulkReads.AllLeads);
        var ids = await zoho.Zoho.ChangeAsync("edit", new { count = 50, values = new { City = "Changed" } });
        var rows = await zoho.RowsAsync(await zoho.CompletedAsync("v8", created));
        ids.Count.ShouldBe(50);
        rows.ShouldAllBe(row => row["City"] != "Changed");
    }

    [Theory]
    [InlineData("greater_equal", "2024-07-01T00:00:00+00:00")]
    [InlineData("less_than", "2024-07-01T00:00:00+00:00")]
    [InlineData("between", "2024-01-01T00:00:00+00:00", "2025-01-01T00:00:00+00:00")]
    public async Task criteria_choose_by_Modified_Time(string comparator, params string[] bounds)
    {
        await using var zoho = await BulkReads.StartAsync();
        object value = bounds is [var only] ? only : bounds;
        var criteria = new { field = new { api_name = "Modified_Time" }, comparator, value };
        var job = await zoho.CompleteAsync("v8", new { query = new { module = new { api_name = "Leads" }, criteria } });

        var times = bounds.Select(bound => DateTimeOffset.Parse(bound)).ToList();
        bool IsAsked(DateTimeOffset time) => comparator switch
        {
            "greater_equal" => time >= times[0],
            "less_than" => time < times[0],
            _ => time >= times[0] && time <= times[1],
        };
        var expected = (await zoho.Zoho.TruthAsync())
            .Where(lead => IsAsked(lead.GetProperty("Modified_Time").GetDateTimeOffset())).ToList();
        (await zoho.RowsAsync(job)).Select(row => row["Id"]).ShouldBe(expected.Select(lead => $"{lead.GetProperty("id")}"));
        expected.Count.ShouldBeInRange(1, 49);
    }

    [Fact]
    public async Task cells_say_what_the_record_says()
    {
        await using var zoho = await BulkReads.StartAsync("Leads=400");
        var rows = (await zoho.RowsAsync(await zoho.CompleteAsync("v8", BulkReads.AllLeads))).ToDictionary(row => row["Id"]);
        foreach (var lead in await zoho.Zoho.TruthAsync())
        {
            var row = rows[$"{lead.GetProperty("id")}"];
            foreach (var member in lead.GetProperty("record").EnumerateObject().Where(member => row.ContainsKey(member.Name)))
                BulkReads.CellSays(row[member.Name], member).ShouldBeTrue($"{member.Name}: {member.Value} is not {row[member.Name]}");
        }
    }

    [Fact]
    public async Task the_eleventh_download_of_a_minute_is_refused()
    {
        await using var zoho = await BulkReads.StartAsync();
        var job = await zoho.CompleteAsync("v8", BulkReads.AllLeads);
        // The minute may end in between, so at most 20 of 21 downloads can pass.
        var answers = new List<HttpStatusCode>();
        for (var download = 0; download < 21; download++)
            answers.Add((await zoho.DownloadAsync(job)).Status);
        answers.ShouldContain(HttpStatusCode.TooManyRequests);
        answers.Take(10).ShouldAllBe(status => status == HttpStatusCode.OK);
    }

    [Fact]
    public async Task a_file_is_gone_after_a_day()
    {
        await using var zoho = await BulkReads.StartAsync();
        var job = await zoho.CompleteAsync("v8", BulkReads.AllLeads);
        await zoho.Zoho.AdvanceAsync(TimeSpan.FromHours(25));
        await zoho.Zoho.RenewTokenAsync();
        (await zoho.DownloadAsync(job)).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task a_failed_job_says_why_and_calls_back()
    {
        await using var zoho = await BulkReads.StartAsync("BulkFailureRate=1");
        await using var listener = await NotifyListener.StartAsync();
        var callback = new { url = listener.Url, method = "post" };
        var job = await zoho.CompleteAsync("v8", new { query = new { module = new { api_name = "Leads" } }, callback });
        job.GetProperty("state").GetString().ShouldBe("FAILURE");
        job.GetProperty("result").GetProperty("error_message").GetProperty("code").GetString().ShouldBe("INTERNAL_SERVER_ERROR");

        await listener.UntilAsync(() => listener.Bodies.Count == 1);
        JsonElement.DeepEquals(listener.Bodies.Single().GetProperty("data")[0], job).ShouldBeTrue();
    }
}
