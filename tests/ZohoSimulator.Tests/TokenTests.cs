using System.Net;

namespace LeadSync.ZohoSimulator.Tests;

public sealed class TokenTests
{
    private const string AnyLead = "/crm/v8/Leads?fields=Last_Name&per_page=1";

    [Theory]
    [InlineData("Zoho-oauthtoken")]
    [InlineData("Bearer")]
    public async Task both_header_schemes_are_accepted(string scheme)
    {
        await using var zoho = await SimulatedZoho.StartAsync();
        zoho.Client.DefaultRequestHeaders.Authorization = new(scheme, zoho.Client.DefaultRequestHeaders.Authorization!.Parameter);
        (await zoho.GetAsync(AnyLead)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task a_token_ends_with_its_life()
    {
        await using var zoho = await SimulatedZoho.StartAsync();
        await zoho.AdvanceAsync(TimeSpan.FromMinutes(61));
        var answer = await zoho.GetAsync(AnyLead);
        answer.Status.ShouldBe(HttpStatusCode.Unauthorized);
        answer.Code.ShouldBe("INVALID_TOKEN");
    }

    [Fact]
    public async Task the_eleventh_token_in_ten_minutes_is_denied()
    {
        await using var zoho = await SimulatedZoho.StartAsync();
        for (var more = 0; more < 9; more++)
            (await zoho.PostAsync(SimulatedZoho.TokenRequest)).Body.TryGetProperty("access_token", out _).ShouldBeTrue();

        var denied = await zoho.PostAsync(SimulatedZoho.TokenRequest);
        denied.Status.ShouldBe(HttpStatusCode.BadRequest);
        denied.Body.GetProperty("error").GetString().ShouldBe("Access Denied");

        await zoho.AdvanceAsync(TimeSpan.FromMinutes(11));
        (await zoho.PostAsync(SimulatedZoho.TokenRequest)).Body.TryGetProperty("access_token", out _).ShouldBeTrue();
    }

    [Fact]
    public async Task a_revoked_refresh_token_is_an_error_with_status_200()
    {
        await using var zoho = await SimulatedZoho.StartAsync();
        await zoho.PostAsync("/control/refresh-token/revoke");
        var refused = await zoho.PostAsync(SimulatedZoho.TokenRequest);
        refused.Status.ShouldBe(HttpStatusCode.OK);
        refused.Body.GetProperty("error").GetString().ShouldBe("invalid_code");
    }

    [Fact]
    public async Task a_missing_scope_closes_only_its_calls()
    {
        await using var zoho = await SimulatedZoho.StartAsync("MissingScopes=ZohoCRM.bulk.READ");
        (await zoho.PostAsync("/crm/bulk/v8/read", BulkReads.AllLeads)).Code.ShouldBe("OAUTH_SCOPE_MISMATCH");
        (await zoho.GetAsync(AnyLead)).Status.ShouldBe(HttpStatusCode.OK);
    }
}
