using System.Text.Json;
using LeadSync.ZohoSimulator.Clock;
using LeadSync.ZohoSimulator.Gate;

namespace LeadSync.ZohoSimulator.Watch;

/// <summary>One object of a request's <c>watch</c> array, checked.</summary>
internal sealed record WatchItem(string ChannelId, IReadOnlyList<string> Events, Uri NotifyUrl)
{
    private const int MostEvents = 50;
    private const int LongestUrl = 255;
    private const int LongestToken = 50;
    private const int LongestChannelId = 64;
    private static readonly string[] Operations = ["edit", "create", "delete"];

    public string? Token { get; private init; }

    public DateTimeOffset? Expiry { get; private init; }

    public bool? WithAffectedValues { get; private init; }

    public bool? OnRelatedActions { get; private init; }

    public JsonElement? Condition { get; private init; }

    public bool DeleteEvents { get; private init; }

    public IEnumerable<WatchedModule> Modules => Events.Select(name => WatchedModule.Find(name.Split('.')[0])!).Distinct();

    /// <exception cref="ZohoError">What Zoho answers when something is missing or wrong.</exception>
    public static WatchItem Read(JsonElement item, int at, DateTimeOffset now, bool httpsOnly)
    {
        var deleteEvents = ReadFlag(item, "_delete_events") == true;
        var channelId = ReadChannelId(Required(item, "channel_id", at));
        var events = ReadEvents(Required(item, "events", at));
        var notifyUrl = deleteEvents ? new Uri("http://unused") : ReadUrl(Required(item, "notify_url", at), httpsOnly);
        return new WatchItem(channelId, events, notifyUrl)
        {
            Token = ReadToken(item),
            Expiry = ReadExpiry(item, now),
            WithAffectedValues = ReadFlag(item, "return_affected_field_values"),
            OnRelatedActions = ReadFlag(item, "notify_on_related_action"),
            Condition = item.Member("notification_condition"),
            DeleteEvents = deleteEvents,
        };
    }

    private static JsonElement Required(JsonElement item, string name, int at) =>
        item.Member(name) ?? throw ZohoError.Mandatory(new { api_name = name, json_path = $"$.watch[{at}].{name}" });

    private static string ReadChannelId(JsonElement value) =>
        $"{value}" is { Length: > 0 and <= LongestChannelId } text && text.All(char.IsAsciiDigit) ? text : throw Invalid("channel_id");

    private static string[] ReadEvents(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() is 0 or > MostEvents)
            throw Invalid("events", MostEvents);

        return [.. value.EnumerateArray().SelectMany(one => ReadEvent($"{one}")).Distinct()];
    }

    private static IEnumerable<string> ReadEvent(string text)
    {
        if (text.Split('.') is not [var module, var operation] || WatchedModule.Find(module) is null)
            throw Invalid("events");
        if (operation == "all")
            return Operations.Select(one => $"{module}.{one}");

        return Operations.Contains(operation) ? [text] : throw Invalid("events");
    }

    private static Uri ReadUrl(JsonElement value, bool httpsOnly) =>
        $"{value}" is { Length: <= LongestUrl } text && Uri.TryCreate(text, UriKind.Absolute, out var url)
        && (url.Scheme == "https" || (url.Scheme == "http" && !httpsOnly))
            ? url
            : throw Invalid("notify_url", LongestUrl);

    private static string? ReadToken(JsonElement item) =>
        item.Member("token") is not { } value ? null
        : $"{value}" is { Length: <= LongestToken } token ? token
        : throw Invalid("token", LongestToken);

    private static DateTimeOffset? ReadExpiry(JsonElement item, DateTimeOffset now) =>
        item.Member("channel_expiry") is not { } value ? null
        : Instants.TryRead($"{value}", out var expiry) && expiry > now ? expiry
        : throw Invalid("channel_expiry");

    private static bool? ReadFlag(JsonElement item, string name) =>
        item.Member(name) is not { } value ? null
        : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean()
        : throw ZohoError.InvalidData(new { api_name = name, expected_data_type = "boolean" });

    private static ZohoError Invalid(string name) => ZohoError.InvalidData(new { api_name = name });

    private static ZohoError Invalid(string name, int most) => ZohoError.InvalidData(new { api_name = name, maximum_length = most });
}
