using System.Net;
using LeadSync.ServiceDefaults.Access;

namespace LeadSync.UnitTests.ServiceDefaults.Access;

public sealed class GuessesTests : IDisposable
{
    private static readonly IPAddress Proxy = IPAddress.Parse("10.0.0.7");
    private static readonly Sender Nobody = new(
        "sync.example", IsLoopback: false, IsOurUsers: false, IsForwarded: true, Origin: null, FetchSite: null, HasConsoleHeader: false,
            Token: null, Cookie: null, User: null);

    private readonly Guesses guesses = new();

    public void Dispose() => guesses.Dispose();

    [Fact]
    public void ten_wrong_cookies_refuse_every_cookie_from_there_and_no_token()
    {
        for (var guess = 0; guess < 10; guess++)
        {
            IsRefused(Nobody with { Cookie = "right" }).ShouldBeFalse($"after {guess}");
            guesses.Count(Proxy, Nobody with { Cookie = $"guess {guess}" });
        }

        IsRefused(Nobody with { Cookie = "right" }).ShouldBeTrue();
        IsRefused(Nobody with { Token = "right" }).ShouldBeFalse();
        IsRefused(Nobody with { Token = "right", Cookie = "old" }).ShouldBeFalse("a person signs in");
        IsRefused(Nobody with { Cookie = "old", User = "ana@example.org" }).ShouldBeFalse("the proxy names the person");
        IsRefused(Nobody).ShouldBeFalse();
        guesses.AreUsedUp(Proxy, Nobody with { Cookie = "right" }, reads: false).ShouldBeFalse("an action takes no cookie");
        guesses.AreUsedUp(IPAddress.Loopback, Nobody with { Cookie = "right" }, reads: true).ShouldBeFalse("another address");
    }

    [Fact]
    public void ten_wrong_tokens_refuse_every_token_from_there_and_no_cookie()
    {
        for (var guess = 0; guess < 10; guess++)
            guesses.Count(Proxy, Nobody with { Token = $"guess {guess}", Cookie = "old" });

        IsRefused(Nobody with { Token = "right" }).ShouldBeTrue();
        IsRefused(Nobody with { Cookie = "right" }).ShouldBeFalse();
    }

    [Fact]
    public void an_old_cookie_that_is_sent_again_and_again_refuses_nobody()
    {
        for (var request = 0; request < 100; request++)
            guesses.Count(Proxy, Nobody with { Cookie = "old" });

        IsRefused(Nobody with { Cookie = "right" }).ShouldBeFalse();
    }

    private bool IsRefused(Sender sender) => guesses.AreUsedUp(Proxy, sender, reads: true);
}
