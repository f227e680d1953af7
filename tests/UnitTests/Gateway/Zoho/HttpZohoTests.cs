using System.Net.Http.Headers;
using LeadSync.Contracts;
using LeadSync.Gateway.Zoho;

namespace LeadSync.UnitTests.Gateway.Zoho;

public sealed class HttpZohoTests
{
    private readonly StubHttp http = new();

    [Fact]
    public async Task leads_are_asked_for_by_ids_and_fields_converted_ones_too()
    {
        http.Api = _ => (200, """{"data":[{"id":"2","Company":"b","Modified_Time":"2026-08-20T10:00:00+00:00"}],"info":{"more_records":false}}""");

        var leads = await http.Zoho().ReadLeads(["1", "2"], [new LeadField("Company", FieldType.Text)], TestContext.Current.CancellationToken);

        leads.ShouldHaveSingleItem().Fields["Company"].ShouldBe("b");
        var call = http.ApiCalls.Single();
        call.Url.ShouldBe("https://api.test/crm/v8/Leads?ids=1,2&fields=id,Modified_Time,Company&converted=both&per_page=200");
        call.Authorization.ShouldBe("Zoho-oauthtoken token-1");
    }

    [Theory]
    [InlineData(204)]
    [InlineData(304)]
    public async Task nothing_to_say_is_an_empty_list(int status)
    {
        http.Api = _ => (status, "");

        var modified = await http.Zoho().ListModified(FakeZoho.Start, 1, TestContext.Current.CancellationToken);
        (modified.Leads.Count, modified.More).ShouldBe((0, false));
        var deleted = await http.Zoho().ListDeleted(FakeZoho.Start, 1, TestContext.Current.CancellationToken);
        (deleted.Leads.Count, deleted.More).ShouldBe((0, false));
        (await http.Zoho().ReadLead("1", [], TestContext.Current.CancellationToken)).ShouldBeNull();
        (await http.Zoho().FindChannel("1000", TestContext.Current.CancellationToken)).ShouldBeNull();
        http.ApiCalls.First().IfModifiedSince.ShouldBe("2026-08-20T10:00:00+00:00");
    }

    [Fact]
    public async Task purged_leads_without_names_are_listed_as_well()
    {
        http.Api = _ => (200, """{"data":[{"deleted_by":null,"id":"1","display_name":null,"type":"permanent","deleted_time":"2026-06-26T11:44:15+05:30"}],"info":{"more_records":true}}""");

        var page = await http.Zoho().ListDeleted(null, 3, TestContext.Current.CancellationToken);

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
        http.Api = sent => sent.Authorization == "Zoho-oauthtoken token-1" ? (status, $$"""{"code":"{{code}}","status":"error"}""") : (204, "");

        await http.Zoho().ReadLead("1", [], TestContext.Current.CancellationToken);

        http.ApiCalls.Count().ShouldBe(2);
        http.TokenCalls.Count().ShouldBe(2);
    }

    [Fact]
    public async Task a_second_refusal_is_final()
    {
        http.Api = _ => (401, """{"code":"INVALID_TOKEN","status":"error"}""");

        (await Should.ThrowAsync<ZohoException>(() => http.Zoho().ReadLead("1", [], TestContext.Current.CancellationToken)))
            .Kind.ShouldBe(ZohoErrorKind.Auth);
        http.ApiCalls.Count().ShouldBe(2);
    }

    [Fact]
    public async Task a_missing_scope_is_not_mistaken_for_a_bad_token()
    {
        http.Api = _ => (401, """{"code":"OAUTH_SCOPE_MISMATCH","status":"error"}""");

        (await Should.ThrowAsync<ZohoException>(() => http.Zoho().ReadFields(TestContext.Current.CancellationToken)))
            .Kind.ShouldBe(ZohoErrorKind.Permission);
        http.TokenCalls.Count().ShouldBe(1);
    }

    [Theory]
    [InlineData(429, """{"code":"TOO_MANY_REQUESTS","status":"error"}""")]
    [InlineData(200, """{"code":"TOO_MANY_REQUESTS","status":"error"}""")]
    [InlineData(503, "")]
    [InlineData(200, "<html>maintenance</html>")]
    public async Task trouble_is_waited_out(int status, string body)
    {
        http.Api = _ => http.ApiCalls.Count() < 4 ? (status, body) : (204, "");

        await http.PatientZoho().ReadLead("1", [], TestContext.Current.CancellationToken);

        http.ApiCalls.Count().ShouldBe(4);
    }

    [Fact]
    public async Task trouble_without_end_is_reported()
    {
        http.Api = _ => (503, "");

        (await Should.ThrowAsync<ZohoException>(() => http.PatientZoho().ReadLead("1", [], TestContext.Current.CancellationToken)))
            .Kind.ShouldBe(ZohoErrorKind.Unavailable);

        http.ApiCalls.Count().ShouldBe(6);
    }

    [Fact]
    public async Task who_is_told_to_wait_for_long_gives_up()
    {
        http.Api = _ => (429, """{"code":"TOO_MANY_REQUESTS","status":"error"}""");
        var zoho = http.PatientZoho();
        http.RetryAfter = new RetryConditionHeaderValue(TimeSpan.FromMinutes(1));

        (await Should.ThrowAsync<ZohoException>(() => zoho.ReadFields(TestContext.Current.CancellationToken))).Kind.ShouldBe(ZohoErrorKind.Throttled);
        http.ApiCalls.Count().ShouldBe(1);
    }

    [Fact]
    public async Task a_wrong_request_is_not_repeated()
    {
        http.Api = _ => (400, """{"code":"INVALID_MODULE","status":"error"}""");

        await Should.ThrowAsync<ZohoException>(() => http.PatientZoho().ReadFields(TestContext.Current.CancellationToken));

        http.ApiCalls.Count().ShouldBe(1);
    }

    [Fact]
    public async Task when_the_days_credits_are_used_up_only_the_channel_is_kept()
    {
        http.Credits.Recorded(FakeZoho.Options.DailyCredits!.Value);

        (await Should.ThrowAsync<ZohoException>(() => http.Zoho().ReadFields(TestContext.Current.CancellationToken)))
            .Message.ShouldContain("Zoho__DailyCredits");
        (await http.Zoho().FindChannel("1000000068001", TestContext.Current.CancellationToken)).ShouldBeNull();

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

        var fields = await http.Zoho().ReadFields(TestContext.Current.CancellationToken);

        fields.Select(field => (field.ApiName, field.ReturnType)).ShouldBe([("Score", "double"), ("Products", null)]);
        fields[1].Choices.ShouldBe(["laptop", "Laptop", "Phone"]);
    }
}
