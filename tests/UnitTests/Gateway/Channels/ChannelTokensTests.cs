using System.Net.Sockets;
using LeadSync.Gateway.Channels;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace LeadSync.UnitTests.Gateway.Channels;

public sealed class ChannelTokensTests : IDisposable
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private readonly FakeTimeProvider time = new();
    private readonly ChannelTokens tokens;
    private AcceptedTokens stored = new("1", []);
    private bool isDatabaseDown;
    private Exception downAs = new NpgsqlException("down");

    public ChannelTokensTests() => tokens = new ChannelTokens(_ => Read(), time);

    [Fact]
    public async Task a_token_that_was_accepted_a_moment_after_they_were_read_is_known()
    {
        await tokens.Current(Stop);
        stored = stored with { Tokens = [new AcceptedToken(AcceptedTokens.Hash("new"), DateTimeOffset.MaxValue)] };

        var latest = tokens.Latest(Stop);
        time.Advance(TimeSpan.FromSeconds(1));

        (await latest).Include("new", time.GetUtcNow()).ShouldBeTrue();
    }

    [Fact]
    public async Task an_unknown_token_is_not_refused_without_the_database()
    {
        await tokens.Current(Stop);
        isDatabaseDown = true;
        time.Advance(TimeSpan.FromSeconds(2));

        await Should.ThrowAsync<NpgsqlException>(() => tokens.Latest(Stop));
        (await tokens.Current(Stop)).ShouldBe(stored);
    }

    public static TheoryData<Exception> Failures =>
    [
        new NpgsqlException("down"),
        // Npgsql throws this for a host that DNS does not know.
        new SocketException((int)SocketError.HostNotFound),
        new InvalidOperationException("of a library"),
    ];

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task tokens_are_read_again_after_a_minute_and_kept_when_that_fails(Exception failure)
    {
        await tokens.Current(Stop);
        time.Advance(TimeSpan.FromMinutes(1));
        (isDatabaseDown, downAs) = (true, failure);

        (await tokens.Current(Stop)).ShouldBe(stored);
    }

    public void Dispose() => tokens.Dispose();

    private Task<AcceptedTokens> Read() => isDatabaseDown ? throw downAs : Task.FromResult(stored);
}
