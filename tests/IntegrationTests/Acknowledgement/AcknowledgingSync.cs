using System.Net.Http.Json;
using System.Text.Json;
using LeadSync.IntegrationTests.Sync;

namespace LeadSync.IntegrationTests.Acknowledgement;

/// <summary>
/// A sync with a catch-up every few seconds, so that gaps close soon, and the notification channel that its gateway opened.
/// </summary>
public sealed class AcknowledgingSync(SharedServers shared) : IAsyncLifetime
{
    private RunningSync? sync;
    private ProxiedGateway? gateway;
    private string channelId = "";
    private string token = "";

    public RunningSync Sync => sync!;

    /// <summary>The path and query to which Zoho posts notifications.</summary>
    public string NotifyPath { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        sync = await RunningSync.StartAsync(shared, leads: 50, ("Scheduler__CatchUpInterval", "00:00:03"));
        await sync.InSync();
        var watch = await Watch();
        NotifyPath = new Uri(watch.GetProperty("notify_url").GetString()!).PathAndQuery;
        channelId = watch.GetProperty("channel_id").GetString()!;
        token = watch.GetProperty("token").GetString()!;
    }

    /// <summary>The body of a notification.</summary>
    /// <param name="lead">The lead that changed.</param>
    /// <param name="otherToken">A token to send instead of the channel's.</param>
    public object Notification(string lead = "5725767000003000064", string? otherToken = null) => new
    {
        module = "Leads",
        ids = new[] { lead },
        operation = "update",
        channel_id = channelId,
        token = otherToken ?? token,
    };

    /// <summary>A second gateway, which receives notifications, and whose servers the test may take away.</summary>
    internal async Task<ProxiedGateway> Gateway()
    {
        gateway ??= await ProxiedGateway.StartAsync(this);
        await gateway.Broker.ResetAsync();
        await gateway.Database.ResetAsync();
        await gateway.UntilAccepted(Notification());
        return gateway;
    }

    public async ValueTask DisposeAsync()
    {
        if (gateway is not null)
            await gateway.DisposeAsync();
        if (sync is not null)
            await sync.DisposeAsync();
    }

    private async Task<JsonElement> Watch()
    {
        var stop = TestContext.Current.CancellationToken;
        using var grant = await Sync.Zoho.PostAsync("/oauth/v2/token", new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "refresh_token",
            ["client_id"] = "1000.LOCAL",
            ["client_secret"] = "local-secret",
            ["refresh_token"] = "1000.local.refresh",
        }), stop);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/crm/v8/actions/watch");
        request.Headers.Add(
            "Authorization", $"Zoho-oauthtoken {(await grant.Content.ReadFromJsonAsync<JsonElement>(stop)).GetProperty("access_token")}");
        using var answer = await Sync.Zoho.SendAsync(request, stop);
        return (await answer.Content.ReadFromJsonAsync<JsonElement>(stop)).GetProperty("watch")[0];
    }
}
