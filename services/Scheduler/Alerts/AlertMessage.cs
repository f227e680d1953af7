using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace LeadSync.Scheduler.Alerts;

/// <summary>An alert's message: what is wrong, what to do, and where to look.</summary>
/// <param name="Id">The same at each attempt, so that a receiver recognizes a message that arrives twice.</param>
/// <param name="Help">The address of the runbook; relative when the console's address is not configured.</param>
internal sealed partial record AlertMessage(
    Guid Id, AlertEvent Event, long AlertId, string Name, Severity Severity, string Text, DateTimeOffset Since, DateTimeOffset At,
        string Help, Uri? Console)
{
    public static AlertMessage Of(Alert alert, AlertEvent happened, DateTimeOffset at, Uri? console) => new(
        Guid.NewGuid(), happened, alert.Id, alert.Name, alert.Severity, alert.Text, alert.Since, at,
        $"{console?.AbsoluteUri.TrimEnd('/')}{new Status.Reason(alert.Kind, Status.Tone.Bad, true, alert.Text).Help}", console);

    public static AlertMessage Test(DateTimeOffset at, Uri? console) => new(
        Guid.NewGuid(), AlertEvent.Test, 0, "LeadSyncTest", Severity.Warning,
            "This is a test. Nothing is wrong, and you need to do nothing.", at, at,
        $"{console?.AbsoluteUri.TrimEnd('/')}/runbooks", console);

    public string Subject => $"LeadSync, {Happened}: {PartEnd().Split(Text, 2)[0]}";

    private string Happened => Event switch
    {
        AlertEvent.Opened => Severity == Severity.Critical ? "alert" : "warning",
        AlertEvent.StillOpen => "still open",
        AlertEvent.Closed => "over",
        _ => "test",
    };

    /// <summary>The message for people, in lines.</summary>
    public string Plain => string.Join('\n', (string?[])
    [
        Event == AlertEvent.Closed ? $"Over: {Text}" : Text,
        string.Create(CultureInfo.InvariantCulture,
            $"Since {Since.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC. {Name}, {Severity.ToString().ToLowerInvariant()}."),
        Event is AlertEvent.Closed ? null : $"What to do: {Help}",
        Console is null ? null : $"Console: {Console}",
        AlertId == 0 || Event is AlertEvent.Closed ? null : $"Acknowledge: leadsync alerts ack {AlertId}",
    ]).Replace("\n\n", "\n", StringComparison.Ordinal).Trim();

    public string Body(WebhookFormat format) => format switch
    {
        WebhookFormat.Slack => new JsonObject { ["text"] = $"*{Slack(Subject)}*\n{Slack(Plain)}" }.ToJsonString(),
        WebhookFormat.Teams => Teams(),
        _ => Generic(),
    };

    // The subject ends at the first full stop or colon before a space, so a time such as 03:12 stays whole.
    [GeneratedRegex(@"[.:](?= |$)")]
    private static partial Regex PartEnd();

    // Slack: these three characters begin its own markup.
    private static string Slack(string text) => text
        .Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal)
            .Replace(">", "&gt;", StringComparison.Ordinal);

    private string Teams() => new JsonObject
    {
        ["type"] = "message",
        ["attachments"] = new JsonArray(new JsonObject
        {
            ["contentType"] = "application/vnd.microsoft.card.adaptive",
            ["content"] = new JsonObject
            {
                ["type"] = "AdaptiveCard",
                ["version"] = "1.4",
                ["body"] = new JsonArray(
                    new JsonObject { ["type"] = "TextBlock", ["text"] = Subject, ["weight"] = "Bolder", ["wrap"] = true },
                    new JsonObject { ["type"] = "TextBlock", ["text"] = Plain.Replace("\n", "\n\n", StringComparison.Ordinal),
                        ["wrap"] = true }),
            },
        }),
    }.ToJsonString();

    private string Generic() => new JsonObject
    {
        ["type"] = $"alert.{JsonNamingPolicy.SnakeCaseLower.ConvertName($"{Event}")}",
        ["timestamp"] = At,
        ["data"] = new JsonObject
        {
            ["id"] = AlertId,
            ["name"] = Name,
            ["severity"] = Severity.ToString().ToLowerInvariant(),
            ["text"] = Text,
            ["since"] = Since,
            ["runbookUrl"] = Help,
            ["consoleUrl"] = Console?.ToString(),
        },
    }.ToJsonString();
}
