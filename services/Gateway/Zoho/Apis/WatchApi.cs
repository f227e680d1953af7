using System.Text.Json;
using LeadSync.Contracts;
using LeadSync.Gateway.Zoho.Calls;

namespace LeadSync.Gateway.Zoho.Apis;

/// <summary>Zoho's Notification API: one channel that reports what happens to the module's records.</summary>
internal interface IWatchApi
{
    /// <summary>Opens the channel (POST). Answers the expiry that Zoho grants, if the answer says it.</summary>
    /// <exception cref="ZohoException">Zoho did not do it, or did not answer.</exception>
    Task<DateTimeOffset?> OpenChannel(WatchRequest request, CancellationToken ct);

    /// <summary>Replaces the open channel (PUT). Answers the expiry that Zoho grants, if the answer says it.</summary>
    /// <exception cref="ZohoException">Zoho did not do it, or did not answer.</exception>
    Task<DateTimeOffset?> ReplaceChannel(WatchRequest request, CancellationToken ct);

    /// <exception cref="ZohoException">Zoho did not do it, or did not answer.</exception>
    Task CloseChannel(string channelId, CancellationToken ct);

    /// <summary>The channel as Zoho has it; null when it has none of that id.</summary>
    /// <exception cref="ZohoException">Zoho did not say, or did not answer.</exception>
    Task<WatchedChannel?> FindChannel(string channelId, CancellationToken ct);

    /// <summary>Lists all channels, also those of other programs: the cheapest call that shows Zoho's clock.</summary>
    /// <exception cref="ZohoException">Zoho did not say, or did not answer.</exception>
    Task ListChannels(CancellationToken ct);
}

/// <summary>A channel to open or to replace. Zoho drops what a request leaves out, so every request has all parts.</summary>
internal sealed record WatchRequest(string ChannelId, string Token, string NotifyUrl, DateTimeOffset Expiry)
{
    /// <summary>Token and address are secrets.</summary>
    public override string ToString() => $"channel {ChannelId} until {Expiry:O}";
}

/// <summary>A channel as Zoho has it; null for a part that Zoho does not state.</summary>
internal sealed record WatchedChannel(
    string ChannelId, IReadOnlyList<string> Events, string? NotifyUrl, string? Token, DateTimeOffset? Expiry)
{
    /// <summary>Token and address are secrets.</summary>
    public override string ToString() => $"channel {ChannelId} until {Expiry:O}";
}

internal sealed class WatchApi(IZohoCalls http, ZohoOptions options) : IWatchApi
{
    private static readonly ZohoModule Module = ZohoModule.Leads;

    private string Path => $"/crm/{options.ApiVersion}/actions/watch";

    public Task<DateTimeOffset?> OpenChannel(WatchRequest request, CancellationToken ct) => Subscribe(HttpMethod.Post, request, ct);

    public Task<DateTimeOffset?> ReplaceChannel(WatchRequest request, CancellationToken ct) => Subscribe(HttpMethod.Put, request, ct);

    public Task CloseChannel(string channelId, CancellationToken ct) =>
        http.Ask(Call(HttpMethod.Delete, $"{Path}?channel_ids={channelId}"), Succeeded, ct);

    public async Task<WatchedChannel?> FindChannel(string channelId, CancellationToken ct)
    {
        try
        {
            return await http.Ask(
                Call(HttpMethod.Get, $"{Path}?channel_id={channelId}&module={Module.ApiName}&page=1&per_page={ZohoLimits.RowsPerPage}"),
                body => ZohoError.List(body, "watch")
                    .Where(entry => entry.Text("channel_id") == channelId)
                    .Select(Watched)
                    .FirstOrDefault(channel => channel.Events.Count == 0 || channel.Events.Any(Module.Reports)),
                ct);
        }
        catch (ZohoException e) when (e.Code == "NOT_SUBSCRIBED")
        {
            // One document of Zoho says 204. Another lists this code, which elsewhere means that there is no such channel.
            return null;
        }
    }

    public Task ListChannels(CancellationToken ct) =>
        http.Ask(Call(HttpMethod.Get, $"{Path}?module={Module.ApiName}&page=1&per_page=1"), body => body, ct);

    private Task<DateTimeOffset?> Subscribe(HttpMethod method, WatchRequest request, CancellationToken ct)
    {
        var body = new
        {
            watch = new[]
            {
                new
                {
                    channel_id = request.ChannelId,
                    events = Module.Events,
                    // Zoho: milliseconds are refused; without an expiry, or with one too far away, it grants one hour.
                    channel_expiry = request.Expiry.Written(),
                    token = request.Token,
                    notify_url = request.NotifyUrl,
                    // Zoho: the default is true. Then Zoho also reports actions on related records.
                    notify_on_related_action = false,
                    return_affected_field_values = false,
                },
            },
        };
        return http.Ask(Call(method, Path) with { Body = body }, answer => Granted(Succeeded(answer)), ct);
    }

    private static ZohoCall Call(HttpMethod method, string path) => new("watch", method, path, Lane.Channel);

    /// <summary>Zoho: an answer with 200 or 207 may contain failures. One failed element fails the call.</summary>
    private static List<JsonElement> Succeeded(JsonElement? body)
    {
        var elements = (body?.Items("watch") ?? []).ToList();
        if (elements.Select(ZohoError.OfElement).FirstOrDefault(error => error is not null) is { } failure)
            throw failure;

        return elements;
    }

    private static DateTimeOffset? Granted(List<JsonElement> elements) =>
        elements
            .SelectMany(element => element.Get("details")?.Items("events") ?? [])
            .Where(entry => entry.Text("resource_name") is not { } name || Module.Is(name))
            .Select(entry => entry.Instant("channel_expiry"))
            .FirstOrDefault(expiry => expiry is not null);

    private static WatchedChannel Watched(JsonElement entry) => new(
        entry.Text("channel_id")!,
        [.. entry.Items("events").Select(element => element.AsText()).OfType<string>()],
        entry.Text("notify_url"),
        entry.Text("token"),
        entry.Instant("channel_expiry"));
}
