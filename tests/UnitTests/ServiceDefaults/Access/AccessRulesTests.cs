using LeadSync.ServiceDefaults.Access;

namespace LeadSync.UnitTests.ServiceDefaults.Access;

public sealed class AccessRulesTests
{
    private const string Action = "an-action-token-of-some-length";
    private const string Read = "a-read-token-of-some-length";

    private static readonly AccessOptions Nothing = new(null, null, false, [], null, []);
    private static readonly AccessOptions Trusting = Nothing with { TrustLoopback = true };
    private static readonly AccessOptions Tokens = Nothing with { ActionToken = Action, ReadToken = Read };

    private static readonly Sender Curl = new(
        "127.0.0.1:8082", IsLoopback: true, IsOurUsers: true, IsForwarded: false, Origin: null, FetchSite: null, HasConsoleHeader: false,
            Token: null, Cookie: null, User: null);

    private static readonly Sender Page = Curl with { Origin = "http://127.0.0.1:8082", FetchSite = "same-origin",
        HasConsoleHeader = true };

    [Fact]
    public void without_a_token_and_without_trust_nobody_starts_actions_and_nobody_reads()
    {
        AccessRules.ActionRefusal(Curl, Nothing)!.Status.ShouldBe(403);
        AccessRules.ActionRefusal(Page, Nothing)!.Status.ShouldBe(403);
        AccessRules.ReadRefusal(Curl, Nothing)!.Status.ShouldBe(403);
        AccessRules.ReadRefusal(Curl with { Token = "guessed" }, Nothing)!.Status.ShouldBe(403);
    }

    [Fact]
    public void on_a_trusted_machine_neither_needs_a_token()
    {
        foreach (var sender in new[] { Curl, Page, Curl with { Host = "localhost:8082" }, Curl with { Host = "[::1]:8082" } })
        {
            AccessRules.ActionRefusal(sender, Trusting).ShouldBeNull(sender.Host);
            AccessRules.ReadRefusal(sender, Trusting).ShouldBeNull(sender.Host);
        }
    }

    [Fact]
    public void a_request_through_a_proxy_on_a_trusted_machine_is_not_trusted()
    {
        AccessRules.ActionRefusal(Curl with { IsForwarded = true }, Trusting)!.Status.ShouldBe(403);
        AccessRules.ReadRefusal(Curl with { IsForwarded = true }, Trusting)!.Status.ShouldBe(403);
        AccessRules.ActionRefusal(Curl with { IsLoopback = false }, Trusting)!.Status.ShouldBe(403);
    }

    [Fact]
    public void a_program_of_another_user_of_a_trusted_machine_is_not_trusted_and_learns_why()
    {
        foreach (var refusal in (Refusal[])[
            AccessRules.ActionRefusal(Curl with { IsOurUsers = false }, Trusting)!,
            AccessRules.ReadRefusal(Page with { IsOurUsers = false }, Trusting)!])
        {
            refusal.Status.ShouldBe(403);
            refusal.Reason.ShouldContain("programs of the service's own user");
        }
    }

    [Fact]
    public void an_order_needs_the_action_token_and_reading_either()
    {
        AccessRules.ActionRefusal(Curl, Tokens)!.ShouldBe(new Refusal(401, AccessRules.ActionRefusal(Curl, Tokens)!.Reason));
        AccessRules.ActionRefusal(Curl with { Token = Read }, Tokens)!.IsGuess.ShouldBeTrue();
        AccessRules.ActionRefusal(Curl with { Token = Action, IsLoopback = false, Host = "sync.example" }, Tokens).ShouldBeNull();
        AccessRules.ActionRefusal(Page with { Token = Action }, Tokens).ShouldBeNull();

        AccessRules.ReadRefusal(Curl, Tokens)!.Status.ShouldBe(401);
        AccessRules.ReadRefusal(Curl with { Token = Read[..^1] }, Tokens)!.IsGuess.ShouldBeTrue();
        AccessRules.ReadRefusal(Curl with { Token = Read }, Tokens).ShouldBeNull();
        AccessRules.ReadRefusal(Curl with { Token = Action }, Tokens).ShouldBeNull();
        AccessRules.ReadRefusal(Curl with { Cookie = AccessRules.Cookie(Read) }, Tokens).ShouldBeNull();
        AccessRules.ReadRefusal(Curl with { Cookie = Read }, Tokens)!.Status.ShouldBe(401);
        AccessRules.ReadRefusal(Curl with { Cookie = Read }, Tokens)!.IsGuess.ShouldBeTrue();
        AccessRules.ReadRefusal(Curl, Tokens)!.IsGuess.ShouldBeFalse();
    }

    [Fact]
    public void a_browsers_cookie_starts_no_actions()
    {
        var refusal = AccessRules.ActionRefusal(Page with { Cookie = AccessRules.Cookie(Action) }, Tokens)!;
        (refusal.Status, refusal.IsGuess).ShouldBe((401, false), "the answer says nothing about the cookie");
    }

    [Fact]
    public void a_person_whom_a_trusted_proxy_names_reads_and_is_logged()
    {
        AccessRules.ReadRefusal(Curl with { User = "ana@example.org" }, Tokens).ShouldBeNull();
        AccessRules.ActionRefusal(Curl with { User = "ana@example.org" }, Tokens)!.Status.ShouldBe(401);
        AccessRules.Name(Curl with { User = "ana@example.org", Token = Action }, Tokens).ShouldBe("ana@example.org");
        AccessRules.Name(Curl with { Token = Action }, Tokens).ShouldBe("whoever has the action token");
    }

    [Fact]
    public void another_site_cannot_give_orders_through_a_browser_not_even_with_the_token()
    {
        Sender[] others =
        [
            Page with { HasConsoleHeader = false },
            Page with { FetchSite = "cross-site" },
            Page with { FetchSite = "same-site" },
            Page with { FetchSite = "none" },
            Page with { Origin = "https://elsewhere.example", FetchSite = null },
            Page with { Origin = "http://127.0.0.1:9999", FetchSite = null },
            Page with { Origin = "null", FetchSite = null },
        ];
        foreach (var other in others)
        {
            AccessRules.ActionRefusal(other, Trusting)!.Status.ShouldBe(403, other.ToString());
            AccessRules.ActionRefusal(other with { Token = Action }, Tokens)!.Status.ShouldBe(403, other.ToString());
        }
    }

    [Fact]
    public void a_rebound_host_name_is_refused()
    {
        AccessRules.HostRefusal(Page with { Host = "rebound.example:8082" }, Trusting)!.Status.ShouldBe(421);
        AccessRules.HostRefusal(Page with { Host = "localhost:8082" }, Trusting).ShouldBeNull();
        AccessRules.HostRefusal(Page with { Host = "127.0.0.1:8082" }, Trusting).ShouldBeNull();
        AccessRules.HostRefusal(Page with { Host = "sync.example" }, Trusting with { Hosts = ["sync.example"] }).ShouldBeNull();
        AccessRules.HostRefusal(Curl with { IsLoopback = false, Host = "other.example" },
            Tokens with { Hosts = ["sync.example"] })!.Status.ShouldBe(421);
        AccessRules.HostRefusal(Curl with { IsLoopback = false, Host = "10.0.0.7:8080" }, Tokens with { Hosts = ["sync.example"] })
            .ShouldBeNull();
        AccessRules.HostRefusal(Curl with { IsLoopback = false, Host = "leadsync-scheduler:8080" }, Tokens).ShouldBeNull();
    }
}
