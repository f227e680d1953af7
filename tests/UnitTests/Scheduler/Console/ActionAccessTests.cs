using LeadSync.Scheduler.Console;

namespace LeadSync.UnitTests.Scheduler.Console;

public sealed class ActionAccessTests
{
    private static readonly Sender Curl = new("127.0.0.1:8082", IsLoopback: true, Origin: null, FetchSite: null, HasConsoleHeader: false, Token: null);

    private static readonly Sender Page = Curl with { Origin = "http://127.0.0.1:8082", FetchSite = "same-origin", HasConsoleHeader = true };

    [Fact]
    public void on_this_machine_orders_need_no_token()
    {
        ActionAccess.Refusal(Curl, null).ShouldBeNull();
        ActionAccess.Refusal(Page, null).ShouldBeNull();
        ActionAccess.Refusal(Curl with { Host = "localhost:8082" }, null).ShouldBeNull();
        ActionAccess.Refusal(Curl with { Host = "[::1]:8082" }, null).ShouldBeNull();
    }

    [Fact]
    public void from_elsewhere_they_are_refused_as_long_as_there_is_no_token() =>
        ActionAccess.Refusal(Curl with { IsLoopback = false, Token = "guessed" }, null)!.Value.Status.ShouldBe(403);

    [Fact]
    public void with_a_token_everybody_needs_it()
    {
        ActionAccess.Refusal(Curl, "secret")!.Value.Status.ShouldBe(401);
        ActionAccess.Refusal(Curl with { Token = "secre" }, "secret")!.Value.Status.ShouldBe(401);
        ActionAccess.Refusal(Curl with { Token = "secret", IsLoopback = false, Host = "sync.example" }, "secret").ShouldBeNull();
        ActionAccess.Refusal(Page with { Token = "secret" }, "secret").ShouldBeNull();
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
            ActionAccess.Refusal(other, null)!.Value.Status.ShouldBe(403, other.ToString());
            ActionAccess.Refusal(other with { Token = "secret" }, "secret")!.Value.Status.ShouldBe(403, other.ToString());
        }
    }

    [Fact]
    public void a_name_that_somebody_else_points_to_this_machine_gives_no_orders() =>
        ActionAccess.Refusal(Page with { Host = "rebound.example:8082", Origin = "http://rebound.example:8082" }, null)!.Value.Status.ShouldBe(403);
}
