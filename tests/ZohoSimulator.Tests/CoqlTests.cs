using System.Net;

namespace LeadSync.ZohoSimulator.Tests;

public sealed class CoqlTests
{
    [Fact]
    public async Task key_set_pages_walk_through_every_lead_by_Modified_Time_and_id()
    {
        await using var zoho = await SimulatedZoho.StartAsync("Leads=90");
        await zoho.ChangeAsync("mass-update", new { count = 60 });
        var walked = new List<(DateTimeOffset, string)>();
        for (var (time, id) = ("2000-01-01T00:00:00+00:00", "0"); ;)
        {
            var behind = $"(Modified_Time > '{time}') or (Modified_Time = '{time}' and id > {id})";
            var page = await QueryAsync(
                zoho, $"select id, Modified_Time from Leads where {behind} order by Modified_Time asc, id asc limit 7");
            if (page.Status == HttpStatusCode.NoContent)
                break;

            walked.AddRange(page.Data.Each("Modified_Time").Select(DateTimeOffset.Parse).Zip(page.Data.Each("id")));
            (time, id) = (page.Data.Each("Modified_Time").Last(), walked[^1].Item2);
        }

        walked.ShouldBe(walked.Order());
        walked.Select(lead => lead.Item2).Distinct().Count().ShouldBe(90);
        walked.Count.ShouldBe(90);
    }

    [Theory]
    [InlineData("select id from Leads", "SYNTAX_ERROR")]
    [InlineData("select id from Contacts where id > 1", "INVALID_QUERY")]
    [InlineData("select Nope from Leads where id > 1", "INVALID_QUERY")]
    [InlineData("select id from Leads where Modified_Time > 'yesterday'", "INVALID_QUERY")]
    [InlineData("select id from Leads where id > 1 and id < 9 and City = 'Rome'", "SYNTAX_ERROR")]
    [InlineData("select id from Leads where id > 1 limit 2001", "LIMIT_EXCEEDED")]
    [InlineData("select id from Leads where id > 1 limit 2000 offset 98001", "LIMIT_EXCEEDED")]
    [InlineData("select id from Leads where City = 'no end", "SYNTAX_ERROR")]
    public async Task a_malformed_query_is_refused(string query, string code)
    {
        await using var zoho = await SimulatedZoho.StartAsync();
        var answer = await QueryAsync(zoho, query);
        answer.Status.ShouldBe(HttpStatusCode.BadRequest);
        answer.Code.ShouldBe(code);
    }

    [Theory]
    [InlineData("City = 'L\\'Aquila'", 1)]
    [InlineData("City in ('L\\'Aquila', 'Nowhere') and Converted__s = false", 1)]
    [InlineData("((City = 'L\\'Aquila' and Rating is null) or City = 'Nowhere')", 1)]
    [InlineData("City like 'L\\'Aq%'", 1)]
    [InlineData("City not like '%Aquila' and City = 'L\\'Aquila'", 0)]
    [InlineData("City is not null and City = 'Nowhere'", 0)]
    public async Task conditions_hold_for_the_leads_they_describe(string where, int count)
    {
        await using var zoho = await SimulatedZoho.StartAsync();
        await zoho.PostAsync("/crm/v8/Leads", new { data = new[] { new { Last_Name = "Doe", Company = "Zylker", City = "L'Aquila" } } });
        var answer = await QueryAsync(zoho, $"select Last_Name, City from Leads where {where}");
        (answer.Status == HttpStatusCode.NoContent ? 0 : answer.Data.GetArrayLength()).ShouldBe(count);
    }

    [Fact]
    public async Task users_come_only_with_their_id_unless_the_query_names_a_part()
    {
        await using var zoho = await SimulatedZoho.StartAsync();
        var owner = (await QueryAsync(zoho, "select Owner, Owner.last_name from Leads where id > 1 limit 1")).Data[0];
        owner.GetProperty("Owner").EnumerateObject().Select(member => member.Name).ShouldBe(["id"]);
        owner.GetProperty("Owner.last_name").GetString().ShouldNotBeNullOrEmpty();
    }

    private static Task<Answer> QueryAsync(SimulatedZoho zoho, string query) =>
        zoho.PostAsync("/crm/v8/coql", new { select_query = query });
}
