using System.Text.Json;

namespace LeadSync.IntegrationTests.Sync;

/// <summary>A sync whose Zoho grants the channel a minute instead of a day.</summary>
public sealed class ShortLivedChannelSync(SharedServers shared)
    : SharedSync(shared, leads: 2_000, ("Simulator__ChannelLifeCap", "00:01:00"));

[CollectionDefinition(nameof(ShortLivedChannelSync))]
public sealed class ShortLivedChannelCollection : ICollectionFixture<ShortLivedChannelSync>;

/// <summary>The notification channel lives exactly as long as Zoho grants.</summary>
[Collection(nameof(ShortLivedChannelSync))]
public sealed class ChannelTests(ShortLivedChannelSync channel)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private RunningSync Sync => channel.Sync;

    [Fact]
    public async Task the_channel_is_renewed_by_the_expiry_that_zoho_granted()
    {
        var (expiry, lapses) = (await Sync.Value("select channel_expires_at from legacy.sync_status"), (await Gaps()).Count(IsExpiry));

        await RunningSync.Until(
            "it was renewed", async () => await Sync.Value("select 1 from legacy.sync_status where channel_expires_at > $1", expiry!) is 1);

        (await Gaps()).Count(IsExpiry).ShouldBe(lapses, "the channel was renewed before it ended");
    }

    [Fact]
    public async Task a_lapsed_channel_is_a_gap_that_a_catch_up_closes()
    {
        await Sync.Turn(new { channelLifeCap = "00:00:05" });
        (await Sync.Zoho.DeleteAsync("/control/channels", Stop)).EnsureSuccessStatusCode();
        await RunningSync.Until("the channel is opened again, for five seconds", async () =>
            await Sync.Value("select 1 from legacy.sync_status where channel_expires_at < now() + interval '6 seconds'") is 1);
        await Sync.Services.Gateway.KillAsync();
        await RunningSync.Until("the channel has lapsed", async () => (await Gaps()).Any(IsExpiry));
        await Sync.Change("edit", new { count = 20 });
        await Sync.Change("delete", new { count = 5 });
        await Sync.Turn(new { channelLifeCap = "00:01:00" });

        await Sync.Services.Gateway.StartAsync(Stop);

        await RunningSync.Until("every gap is closed", async () => await Sync.Value("select open_gaps from legacy.sync_status") is 0);
        await Truth.ShouldBeTheView(Sync);
    }

    private static bool IsExpiry(JsonElement gap) => gap.GetProperty("cause").GetString()!.Contains("expired", StringComparison.Ordinal);

    private async Task<JsonElement[]> Gaps()
    {
        var gaps = (await Sync.Status()).GetProperty("gaps");
        return [.. gaps.GetProperty("open").EnumerateArray(), .. gaps.GetProperty("recent").EnumerateArray()];
    }
}
