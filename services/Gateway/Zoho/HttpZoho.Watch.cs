using System.Text.Json;

namespace LeadSync.Gateway.Zoho;

internal sealed partial class HttpZoho
{
    private string Watch => $"/crm/{options.ApiVersion}/actions/watch";

    public Task<DateTimeOffset?> OpenChannel(WatchRequest request, CancellationToken ct) =>
        Subscribe(HttpMethod.Post, request, ct);

    public Task<DateTimeOffset?> ReplaceChannel(WatchRequest request, CancellationToken ct) =>
        Subscribe(HttpMethod.Put, request, ct);

    public Task CloseChannel(string channelId, CancellationToken ct) =>
        Ask(new Call(Channel, HttpMethod.Delete, $"{Watch}?channel_ids={channelId}"), Succeeded, ct);

    public Task<WatchedChannel?> FindChannel(string channelId, CancellationToken ct)
    {
        var path = $"{Watch}?channel_id={channelId}&module=Leads&page=1&per_page={PageSize}";
        return Ask(
            new Call(Channel, HttpMethod.Get, path),
            body => (body?.Items("watch") ?? [])
                .Where(entry => entry.Text("channel_id") == channelId)
                .Select(Watched)
                .FirstOrDefault(IsOfLeads),
            ct);
    }

    private Task<DateTimeOffset?> Subscribe(HttpMethod method, WatchRequest request, CancellationToken ct)
    {
        var body = new
        {
            watch = new[]
            {
                new
                {
                    channel_id = request.ChannelId,
                    events = WatchRequest.Events,
                    // Zoho: milliseconds are refused; without an expiry, or with one too far away, it grants one hour.
                    channel_expiry = request.Expiry.Written(),
                    token = request.Token,
                    notify_url = request.NotifyUrl,
                    // Zoho: true unless said otherwise, and then actions on related records notify as well.
                    notify_on_related_action = false,
                    return_affected_field_values = false,
                },
            },
        };
        return Ask(new Call(Channel, method, Watch, body), answer => Granted(Succeeded(answer)), ct);
    }

    /// <summary>Zoho: 200 and 207 may hold failures; every element has to say that it succeeded.</summary>
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
            .Where(entry => entry.Text("resource_name") is null or "Leads")
            .Select(entry => entry.Instant("channel_expiry"))
            .FirstOrDefault(expiry => expiry is not null);

    private static WatchedChannel Watched(JsonElement entry) => new(
        entry.Text("channel_id")!,
        [.. entry.Items("events").Select(element => element.AsText()).OfType<string>()],
        entry.Text("notify_url"),
        entry.Text("token"),
        entry.Instant("channel_expiry"));

    private static bool IsOfLeads(WatchedChannel channel) =>
        channel.Events.Count == 0 || channel.Events.Any(name => name.StartsWith("Leads.", StringComparison.OrdinalIgnoreCase));
}
