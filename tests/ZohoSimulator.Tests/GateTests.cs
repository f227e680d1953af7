using System.Net;

namespace LeadSync.ZohoSimulator.Tests;

public sealed class GateTests
{
    private const string AnyLead = "/crm/v8/Leads?fields=Last_Name&per_page=1";

    [Fact]
    public async Task credits_are_counted_and_run_out_for_a_day()
    {
        await using var zoho = await SimulatedZoho.StartAsync("CreditsPerDay=52", "CreditsEnforced=true");
        (await zoho.PostAsync("/crm/bulk/v8/read", BulkReads.AllLeads)).Status.ShouldBe(HttpStatusCode.Created);
        (await zoho.GetAsync(AnyLead)).Status.ShouldBe(HttpStatusCode.OK);
        (await zoho.HeaderAsync(AnyLead, "X-API-CREDITS-REMAINING")).ShouldBe("0");
        (await zoho.GetAsync(AnyLead)).Status.ShouldBe(HttpStatusCode.TooManyRequests);

        await zoho.AdvanceAsync(TimeSpan.FromHours(25));
        await zoho.RenewTokenAsync();
        (await zoho.GetAsync(AnyLead)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task faults_strike_only_the_kinds_that_are_named()
    {
        await using var zoho = await SimulatedZoho.StartAsync("ServerErrorRate=1", "FaultKinds=fields");
        ((int)(await zoho.GetAsync("/crm/v8/settings/fields?module=Leads")).Status).ShouldBeInRange(500, 503);
        (await zoho.GetAsync(AnyLead)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("GET", "/crm/v5/Leads", 404, "INVALID_URL_PATTERN")]
    [InlineData("PATCH", "/crm/v8/Leads", 400, "INVALID_REQUEST_METHOD")]
    [InlineData("GET", "/crm/v8/Nothing", 400, "INVALID_MODULE")]
    public async Task an_unknown_path_is_answered_in_Zohos_envelope(string method, string path, int status, string code)
    {
        await using var zoho = await SimulatedZoho.StartAsync();
        var answer = method == "GET" ? await zoho.GetAsync(path) : await zoho.PatchAsync(path, new { });
        ((int)answer.Status).ShouldBe(status);
        answer.Code.ShouldBe(code);
    }

    [Fact]
    public async Task an_unknown_dial_or_a_wrong_value_changes_nothing()
    {
        await using var zoho = await SimulatedZoho.StartAsync();
        (await zoho.PutAsync("/control/dials", new { ThrottleRate = 1, DorpRate = 1 })).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await zoho.PutAsync("/control/dials", new { ThrottleRate = 1, TimeZone = "Nowhere" })).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await zoho.GetAsync(AnyLead)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task times_are_written_in_the_users_zone_with_its_summer_time()
    {
        await using var zoho = await SimulatedZoho.StartAsync("Leads=300");
        (await OffsetsAsync(zoho)).ShouldBe([-8, -7]);
        await zoho.SetAsync(new { TimeZone = "+05:30" });
        (await OffsetsAsync(zoho)).ShouldBe([5.5]);
    }

    private static async Task<IEnumerable<double>> OffsetsAsync(SimulatedZoho zoho) =>
        (await zoho.TruthAsync()).Select(lead => lead.GetProperty("Modified_Time").GetDateTimeOffset().Offset.TotalHours).Distinct()
            .Order();
}
