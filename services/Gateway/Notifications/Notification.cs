using System.Text.Json;
using LeadSync.Contracts;
using LeadSync.Gateway.Channels;
using LeadSync.Gateway.Zoho;
using LeadSync.Gateway.Zoho.Calls;

namespace LeadSync.Gateway.Notifications;

/// <summary>The meaning of a notification's body.</summary>
/// <param name="Status">The HTTP status of the answer. 200: the leads are to be announced. 400: the body is no notification. 401: the body
/// is not from our channel. 503: the notification could not be made durable.</param>
/// <param name="Problem">What is wrong with the body, for its sender. The text never repeats the body.</param>
/// <param name="Ids">The leads that may have changed, each once.</param>
internal sealed record Notification(int Status, string? Problem, IReadOnlyList<string> Ids)
{
    private const int MaximumDepth = 16;

    public static readonly Notification NotDurable = new(503, null, []);

    private static readonly Notification Unknown = new(401, null, []);

    /// <param name="body">The received body.</param>
    /// <param name="accepted">The channel and its tokens.</param>
    /// <param name="secretGiven">Whether the called address held the secret of our addresses.</param>
    public static Notification Read(ReadOnlyMemory<byte> body, AcceptedTokens accepted, bool secretGiven, DateTimeOffset now)
    {
        if (Parse(body) is not { ValueKind: JsonValueKind.Object } notification)
            return Malformed("The body is not a JSON object.");
        if (!IsOurs(notification, accepted, secretGiven, now))
            return Unknown;
        // The channel reports on this module only, so its name adds nothing.
        if (notification.Get("module") is not null && !ZohoModule.Leads.Is(notification.Text("module")))
            return Malformed($"The module is not {ZohoModule.Leads.ApiName}.");

        // The gateway reads the lead whatever the operation is, so an unknown operation is accepted as well.
        if (notification.Get("ids") is not { ValueKind: JsonValueKind.Array } list || list.GetArrayLength() == 0)
            return Malformed("There are no ids.");

        // One id of another form must not lose the others.
        var ids = list.EnumerateArray().Select(id => id.AsText()).Where(IsId).ToHashSet();
        return ids.Count > 0 ? new Notification(200, null, [.. ids!]) : Malformed("No id is a number.");
    }

    private static JsonElement? Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = MaximumDepth });
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static bool IsOurs(JsonElement notification, AcceptedTokens accepted, bool secretGiven, DateTimeOffset now)
    {
        if (notification.Text("channel_id") != accepted.ChannelId)
            return false;
        if (notification.Text("token") is { } token)
            return accepted.Include(token, now);

        // Zoho has sent null in place of the token, and does not say when. Then the secret of the address authenticates the sender.
        return secretGiven && notification.TryGetProperty("token", out var none) && none.ValueKind == JsonValueKind.Null;
    }

    private static bool IsId(string? id) => id is { Length: > 0 and <= ZohoLimits.IdLength } && id.All(char.IsAsciiDigit);

    private static Notification Malformed(string problem) => new(400, problem, []);
}
