using LeadSync.ZohoSimulator.Clock;
using LeadSync.ZohoSimulator.Gate;

namespace LeadSync.ZohoSimulator.Watch;

/// <summary><c>/crm/{version}/actions/watch</c>.</summary>
internal sealed class WatchEndpoints(Channels channels, Dials dials, VirtualClock clock, UserTime time)
{
    private const int MostItems = 50;
    private const string Subscribed = "Successfully subscribed for actions-watch of the given module";
    private const string Updated = "Successfully updated the subscribe details";
    private const string EventsRemoved = "Successfully removed the subscribe details";
    private const string Unsubscribed = "Successfully un-subscribed from actions-watch";

    /// <summary>Creates subscriptions, or overwrites those of the same channel and module.</summary>
    public Task<IResult> Post(string version, HttpRequest request) => Each(request, 201, item => Store(item, version, Subscribed));

    /// <summary>As <see cref="Post"/>, but only for a channel that lives.</summary>
    public Task<IResult> Put(string version, HttpRequest request) => Each(request, 200, item =>
    {
        RequireAlive(item.ChannelId);
        channels.Remove(one => one.ChannelId == item.ChannelId);
        return Store(item, version, Subscribed);
    });

    public Task<IResult> Patch(string version, HttpRequest request) => Each(request, 200, item =>
    {
        var existing = RequireAlive(item.ChannelId);
        return item.DeleteEvents ? RemoveEvents(item, existing) : Store(item, version, Updated, existing[0]);
    });

    public IResult Delete(HttpRequest request)
    {
        if (request.Query["channel_ids"].ToString() is not { Length: > 0 } ids)
            throw ZohoError.MissingParameter("channel_ids");

        return Batch.Answer("watch", [.. ids.Split(',').SelectMany(id => Unsubscribe(id.Trim()))], 200, dials.WrappedErrors);
    }

    public IResult Get(string? channel_id, string? module, int page = 1, int per_page = 200)
    {
        var found = channels.Alive
            .Where(one => (channel_id is null || one.ChannelId == channel_id) && (module is null || one.Module.Name == module))
            .ToList();
        var shown = found.Skip((page - 1) * per_page).Take(per_page).ToList();
        var info = new { per_page, count = shown.Count, page, more_records = found.Count > page * per_page };
        if (shown.Count == 0 && channel_id is not null && dials.UnknownChannelStatus != 204)
            throw new ZohoError(dials.UnknownChannelStatus, "NOT_SUBSCRIBED", "Not subscribed for actions-watch of the given channel");

        return shown.Count == 0 ? Results.NoContent() : ZohoJson.Answer(new { watch = shown.Select(Describe), info });
    }

    private async Task<IResult> Each(HttpRequest request, int success, Func<WatchItem, object> perform)
    {
        var items = await Batch.ReadAsync(request, "watch", MostItems);
        var now = clock.GetUtcNow();
        var results = items.Select((item, at) => Batch.Attempt(() => perform(WatchItem.Read(item, at, now, dials.HttpsOnly))));
        return Batch.Answer("watch", [.. results], success, dials.WrappedErrors);
    }

    private IReadOnlyList<Subscription> RequireAlive(string channelId) =>
        channels.Of(channelId) is { Count: > 0 } alive
            ? alive
            : throw new ZohoError(400, "NOT_SUBSCRIBED", "Not subscribed for actions-watch of the given channel");

    private object Store(WatchItem item, string version, string message, Subscription? before = null)
    {
        var expires = item.Expiry is null && before is not null
            ? before.Expires
            : ChannelExpiry.Grant(item.Expiry, version, clock.GetUtcNow(), dials);
        var stored = item.Modules.Select(module => new Subscription(item.ChannelId, module)
        {
            Events = [.. item.Events.Where(name => name.StartsWith(module.Name + '.', StringComparison.Ordinal))],
            NotifyUrl = item.NotifyUrl,
            Token = item.Token ?? (dials.PatchBlanksToken ? null : before?.Token),
            Expires = expires,
            WithAffectedValues = item.WithAffectedValues ?? before?.WithAffectedValues ?? false,
            OnRelatedActions = item.OnRelatedActions ?? before?.OnRelatedActions ?? true,
            Condition = item.Condition ?? before?.Condition,
        }).ToList();
        stored.ForEach(channels.Put);
        return Batch.Success(message, new { events = stored.Select(one => Event(one, withExpiry: true)) });
    }

    private object RemoveEvents(WatchItem item, IReadOnlyList<Subscription> existing)
    {
        foreach (var subscription in existing)
        {
            var left = subscription.Events.Except(item.Events).ToList();
            if (left.Count > 0)
                channels.Put(subscription with { Events = left });
            else
                channels.Remove(one => one == subscription);
        }

        return Batch.Success(EventsRemoved, new { events = existing.Select(one => Event(one, withExpiry: false)) });
    }

    private IEnumerable<BatchResult> Unsubscribe(string channelId)
    {
        var existing = channels.Of(channelId);
        if (existing.Count == 0)
            return [Batch.Attempt(() => RequireAlive(channelId))];

        channels.Remove(one => one.ChannelId == channelId);
        return existing.Select(one => new BatchResult(Batch.Success(Unsubscribed, Event(one, withExpiry: false)), null));
    }

    private Dictionary<string, string> Event(Subscription one, bool withExpiry)
    {
        var described = new Dictionary<string, string>
        {
            ["resource_uri"] = one.Module.ResourceUri,
            ["resource_id"] = one.Module.Id,
            ["resource_name"] = one.Module.Name,
            ["channel_id"] = one.ChannelId,
        };
        if (withExpiry)
            described["channel_expiry"] = time.Write(one.Expires);
        return described;
    }

    private object Describe(Subscription one) => new
    {
        channel_id = one.ChannelId,
        resource_id = one.Module.Id,
        resource_name = one.Module.Name,
        resource_uri = one.Module.ResourceUri,
        notify_url = one.NotifyUrl.OriginalString,
        token = one.Token,
        channel_expiry = time.Write(one.Expires),
        events = one.Events,
        return_affected_field_values = one.WithAffectedValues,
        notify_on_related_action = one.OnRelatedActions,
        fields = (object?)null,
        notification_condition = one.Condition,
    };
}
