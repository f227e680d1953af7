using System.Net.Http.Json;
using System.Text.Json;

namespace LeadSync.IntegrationTests.Sync;

[CollectionDefinition(nameof(FreshSync))]
public sealed class FreshSyncCollection : ICollectionFixture<FreshSync>;

/// <summary>A sync without faults.</summary>
public sealed class FreshSync(SharedServers shared)
    : SharedSync(shared, leads: 500, ("Zoho__DailyCredits", "100000"), ("Access__ReadToken", ReadToken))
{
    /// <summary>The headers of a request that came through a proxy.</summary>
    public const string ReadToken = "a-token-to-read-leads";

    private OpenChannel? channel;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>The notification channel that the gateway opened.</summary>
    public async Task<OpenChannel> Channel()
    {
        if (channel is not null)
            return channel;

        using var grant = await Sync.Zoho.PostAsync("/oauth/v2/token", new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "refresh_token",
            ["client_id"] = Sync.Services.Environment["Zoho__ClientId"],
            ["client_secret"] = Sync.Services.Environment["Zoho__ClientSecret"],
            ["refresh_token"] = Sync.Services.Environment["Zoho__RefreshToken"],
        }), Stop);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/crm/v8/actions/watch");
        request.Headers.Add(
            "Authorization", $"Zoho-oauthtoken {(await grant.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("access_token")}");
        using var answer = await Sync.Zoho.SendAsync(request, Stop);
        var watch = (await answer.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("watch")[0];
        return channel = new OpenChannel(Text(watch, "notify_url"), Text(watch, "channel_id"), Text(watch, "token"));
    }

    private static string Text(JsonElement watch, string name) => watch.GetProperty(name).GetString()!;
}

/// <param name="Address">The address to which Zoho posts notifications, with its secret.</param>
public sealed record OpenChannel(string Address, string Id, string Token);
