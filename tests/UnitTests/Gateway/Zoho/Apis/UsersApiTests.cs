using LeadSync.Gateway.Zoho.Apis;

namespace LeadSync.UnitTests.Gateway.Zoho.Apis;

public sealed class UsersApiTests
{
    private const string FirstOfTwo = """{"users":[{"id":"1","full_name":"Ann","status":"active"}],"info":{"more_records":true}}""";
    private const string Denied = """{"code":"OAUTH_SCOPE_MISMATCH","message":"invalid oauth scope","status":"error"}""";
    private const string Refused = """{"code":"INVALID_DATA","message":"invalid","status":"error"}""";

    private readonly StubHttp http = new();

    private Task<IReadOnlyList<LeadSync.Contracts.CrmUser>?> Users =>
        new UsersApi(http.Http, http.Options).ReadAll(TestContext.Current.CancellationToken);

    [Fact]
    public async Task a_token_without_the_scope_knows_no_users()
    {
        http.Api = _ => (401, Denied);

        (await Users).ShouldNotBeNull().ShouldBeEmpty();
    }

    [Theory, InlineData(400, Refused), InlineData(404, Refused), InlineData(401, Denied)]
    public async Task a_page_that_zoho_refuses_says_nothing_about_the_users(int status, string answer)
    {
        http.Api = call => call.Url.Contains("page=1&", StringComparison.Ordinal) ? (200, FirstOfTwo) : (status, answer);

        (await Users).ShouldBeNull();
    }

    [Fact]
    public async Task an_empty_list_says_nothing_since_every_org_has_a_user()
    {
        http.Api = _ => (204, "");

        (await Users).ShouldBeNull();
    }
}
