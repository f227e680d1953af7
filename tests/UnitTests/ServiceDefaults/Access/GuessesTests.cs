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
    public void ten_wrong_cookies_from_an_address_are_let_in_to_be_checked_and_no_further_one_for_a_while()
    {
        for (var guess = 0; guess < 10; guess++)
            guesses.Allow(Proxy, Nobody with { Cookie = $"guess {guess}" }).ShouldBeTrue($"after {guess}");

        guesses.Allow(Proxy, Nobody with { Cookie = "guess 11" }).ShouldBeFalse();
        guesses.Allow(Proxy, Nobody with { Token = "guess" }).ShouldBeTrue("a person mistypes the token");
        guesses.Allow(IPAddress.Loopback, Nobody with { Cookie = "guess" }).ShouldBeTrue("another address");
    }

    [Fact]
    public void ten_wrong_tokens_from_an_address_leave_a_person_with_an_old_cookie_alone()
    {
        for (var guess = 0; guess < 10; guess++)
            guesses.Allow(Proxy, Nobody with { Token = $"guess {guess}", Cookie = "old" }).ShouldBeTrue();

        guesses.Allow(Proxy, Nobody with { Token = "guess 11" }).ShouldBeFalse();
        guesses.Allow(Proxy, Nobody with { Cookie = "old" }).ShouldBeTrue();
    }

    [Fact]
    public void an_old_cookie_that_is_sent_again_and_again_counts_once()
    {
        for (var request = 0; request < 100; request++)
            guesses.Allow(Proxy, Nobody with { Cookie = "old" }).ShouldBeTrue();

        for (var guess = 1; guess < 10; guess++)
            guesses.Allow(Proxy, Nobody with { Cookie = $"guess {guess}" }).ShouldBeTrue();
        guesses.Allow(Proxy, Nobody with { Cookie = "guess 11" }).ShouldBeFalse();
    }
}
