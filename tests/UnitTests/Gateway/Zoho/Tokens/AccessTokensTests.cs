using LeadSync.Gateway.Zoho.Calls;
using LeadSync.Gateway.Zoho.Tokens;

namespace LeadSync.UnitTests.Gateway.Zoho.Tokens;

public sealed class AccessTokensTests : IDisposable
{
    private readonly StubHttp http = new();
    private readonly AccessTokens tokens;

    public AccessTokensTests() => tokens = http.Tokens();

    public void Dispose() => tokens.Dispose();

    [Fact]
    public async Task many_callers_share_one_token()
    {
        var all = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Get()));

        all.ShouldAllBe(token => token.Value == "token-1");
        http.TokenCalls.Count().ShouldBe(1);
    }

    [Fact]
    public async Task the_credentials_travel_in_the_body()
    {
        await Get();

        var call = http.TokenCalls.Single();
        call.Url.ShouldBe("https://accounts.test/oauth/v2/token");
        call.Body.ShouldBe("grant_type=refresh_token&client_id=client&client_secret=secret&refresh_token=refresh");
    }

    [Fact]
    public async Task a_token_is_renewed_minutes_before_it_expires()
    {
        await Get();
        http.Time.Advance(TimeSpan.FromMinutes(54));
        (await Get()).Value.ShouldBe("token-1");

        http.Time.Advance(TimeSpan.FromMinutes(1));
        (await Get()).Value.ShouldBe("token-1", "the renewal runs in the background, and no call waits for it");
        await Until(async () => (await Get()).Value == "token-2");
        http.TokenCalls.Count().ShouldBe(2);
    }

    [Fact]
    public async Task a_renewal_that_hangs_delays_no_call_while_the_old_token_works()
    {
        await Get();
        using var stuck = new ManualResetEventSlim();
        http.Accounts = () =>
        {
            stuck.Wait(TestContext.Current.CancellationToken);
            return (503, "");
        };
        http.Time.Advance(TimeSpan.FromMinutes(56));

        var calls = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Get()))
            .WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);

        calls.ShouldAllBe(token => token.Value == "token-1");
        stuck.Set();
    }

    [Fact]
    public async Task a_new_token_that_is_refused_as_well_is_not_replaced_by_another_for_minutes()
    {
        http.Api = _ => (401, """{"code":"INVALID_TOKEN","status":"error"}""");

        for (var call = 0; call < 20; call++)
            await Should.ThrowAsync<ZohoException>(() => http.Records.ReadLead("1", [], Lane.Live, TestContext.Current.CancellationToken));
        http.TokenCalls.Count().ShouldBe(2);

        http.Time.Advance(TimeSpan.FromMinutes(5));
        await Should.ThrowAsync<ZohoException>(() => http.Records.ReadLead("1", [], Lane.Live, TestContext.Current.CancellationToken));
        http.TokenCalls.Count().ShouldBe(3);
    }

    [Fact]
    public async Task an_api_host_without_tls_is_not_taken_from_an_accounts_host_with_it()
    {
        http.Accounts = () => (200, """{"access_token":"a","expires_in":3600,"api_domain":"http://api.test"}""");

        (await Get()).ApiDomain.ShouldBeNull();
    }

    [Fact]
    public async Task a_token_without_its_api_host_is_for_the_host_of_the_one_before()
    {
        await Get();
        http.Accounts = () => (200, """{"access_token":"later","expires_in":3600}""");
        http.Time.Advance(TimeSpan.FromHours(1));

        var token = await Get();

        (token.Value, token.ApiDomain).ShouldBe(("later", new Uri("https://api.test")));
    }

    [Theory]
    [InlineData("https://accounts.zoho.eu", "https://www.zohoapis.eu/crm/v8/Leads/1")]
    [InlineData("https://accounts.zohocloud.ca", "https://www.zohoapis.ca/crm/v8/Leads/1")]
    public async Task without_an_api_host_the_host_of_the_accounts_hosts_data_centre_is_used(string accounts, string address)
    {
        var there = At(accounts);

        await there.Records.ReadLead("1", [], Lane.Live, TestContext.Current.CancellationToken);

        there.ApiCalls.Single().Url.ShouldStartWith(address);
    }

    [Fact]
    public async Task a_token_is_never_sent_to_an_accounts_host_instead_of_an_api_host()
    {
        var there = At("https://accounts.unheard-of.test");

        (await Should.ThrowAsync<ZohoException>(() => there.Records.ReadLead("1", [], Lane.Live, TestContext.Current.CancellationToken)))
            .Message.ShouldContain("NO_API_HOST");

        there.ApiCalls.ShouldBeEmpty();
    }

    [Fact]
    public async Task a_refused_token_is_renewed_once_for_all_calls()
    {
        var refused = await Get();

        var all = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Get(refused)));

        all.ShouldAllBe(token => token.Value == "token-2");
        http.TokenCalls.Count().ShouldBe(2);
    }

    [Fact]
    public async Task a_throttled_token_endpoint_is_not_called_for_a_minute()
    {
        http.Accounts = () =>
            (400, """{"error_description":"You have made too many requests continuously.","error":"Access Denied","status":"failure"}""");
        (await Should.ThrowAsync<ZohoException>(() => Get())).Kind.ShouldBe(ZohoErrorKind.Throttled);
        http.Accounts = null;

        http.Time.Advance(TimeSpan.FromSeconds(59));
        await Should.ThrowAsync<ZohoException>(() => Get());
        http.TokenCalls.Count().ShouldBe(1);

        http.Time.Advance(TimeSpan.FromSeconds(1));
        (await Get()).Value.ShouldBe("token-1");
    }

    [Fact]
    public async Task a_token_is_used_to_its_end_when_there_is_no_new_one()
    {
        await Get();
        http.Accounts = () => (400, """{"error":"Access Denied"}""");
        http.Time.Advance(TimeSpan.FromMinutes(59));
        (await Get()).Value.ShouldBe("token-1");

        http.Time.Advance(TimeSpan.FromMinutes(1));
        await Should.ThrowAsync<ZohoException>(() => Get());
    }

    [Theory]
    [InlineData(200, """{"error":"invalid_code"}""", "Auth")]
    [InlineData(400, """{"error":"invalid_client"}""", "Auth")]
    [InlineData(200, "{}", "Auth")]
    [InlineData(200, """{"access_token":""}""", "Auth")]
    [InlineData(429, "{}", "Throttled")]
    [InlineData(200, "<html>", "Unavailable")]
    [InlineData(503, "{}", "Unavailable")]
    public async Task an_answer_without_a_token_says_why(int status, string body, string kind)
    {
        http.Accounts = () => (status, body);

        (await Should.ThrowAsync<ZohoException>(() => Get())).Kind.ToString().ShouldBe(kind);
    }

    [Theory]
    [InlineData("\"expires_in\":3600", 3600)]
    [InlineData("\"expires_in\":\"60\"", 60)]
    [InlineData("\"expires_in_sec\":3600,\"expires_in\":3600000", 3600)]
    [InlineData("\"expires_in\":3600000", 3600)]
    [InlineData("\"scope\":\"x\"", 3600)]
    public async Task a_token_lives_as_long_as_it_says(string expiry, int seconds)
    {
        http.Accounts = () => (200, $$"""{"access_token":"a-secret-token",{{expiry}}}""");

        var token = await Get();

        token.ExpiresAt.ShouldBe(FakeZoho.Start.AddSeconds(seconds));
        token.StaleAt.ShouldBe(FakeZoho.Start.AddSeconds(seconds - Math.Min(300, seconds / 10)));
        token.Value.ShouldBe("a-secret-token");
    }

    [Fact]
    public async Task a_token_that_is_logged_by_mistake_does_not_show_itself()
    {
        http.Accounts = () => (200, """{"access_token":"a-secret-token","expires_in":3600}""");

        $"{await Get()}".ShouldNotContain("secret");
    }

    [Fact]
    public void a_sealed_text_opens_only_with_the_same_key()
    {
        var box = new SecretBox(FakeZoho.Options.DeriveKey("one"));
        var sealedToken = box.Seal("1000.abc");

        box.Open(sealedToken).ShouldBe("1000.abc");
        new SecretBox(FakeZoho.Options.DeriveKey("other")).Open(sealedToken).ShouldBeNull();
        box.Open(sealedToken[..^1]).ShouldBeNull();
        box.Open([]).ShouldBeNull();
    }

    /// <summary>A Zoho that returns tokens without <c>api_domain</c>.</summary>
    private static StubHttp At(string accounts) => new()
    {
        Options = new() { AccountsUrl = new Uri(accounts), ClientId = "client", ClientSecret = "secret", RefreshToken = "refresh" },
        Accounts = () => (200, """{"access_token":"a","expires_in":3600}"""),
    };

    private static async Task Until(Func<Task<bool>> holds)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (!await holds())
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private Task<AccessToken> Get(AccessToken? refused = null) => tokens.Get(refused, TestContext.Current.CancellationToken);
}
