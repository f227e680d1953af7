using LeadSync.ServiceDefaults;
using LeadSync.ServiceDefaults.Webhooks;

namespace LeadSync.Scheduler.Alerts;

/// <summary>The receivers of alerts.</summary>
/// <param name="RemindAfter">How long an alert has to be open before people are told again; zero for never.</param>
/// <param name="ConsoleUrl">The address of the console for people; null when it is not configured.</param>
internal sealed record AlertOptions(IReadOnlyList<WebhookTarget> Webhooks, MailTarget? Mail, TimeSpan RemindAfter, Uri? ConsoleUrl)
{
    private static readonly TimeSpan UsualReminder = TimeSpan.FromHours(4);

    public IEnumerable<string> Targets => [.. Webhooks.Select(webhook => webhook.Name), .. Mail is null ? Array.Empty<string>()
        : [MailTarget.Name]];

    public static AlertOptions From(Settings settings) => new(
        [.. Enumerable.Range(0, 20).Where(number => settings.Optional($"Alerts__Webhooks__{number}__Url") is not null)
            .Select(number => WebhookTarget.From(settings, number))],
        settings.Optional("Alerts__Mail__Server") is null ? null : MailTarget.From(settings),
        settings.Duration("Alerts__RemindAfter", UsualReminder, least: TimeSpan.Zero),
        settings.OptionalUrl("Alerts__ConsoleUrl", "https://leadsync.example.org"));
}

internal enum WebhookFormat
{
    /// <summary>JSON, signed by the Standard Webhooks scheme.</summary>
    Generic,
    Slack,
    Teams,
}

/// <param name="Secret">The key of the signature, as <c>whsec_…</c>; null for no signature.</param>
internal sealed record WebhookTarget(int Number, Uri Url, WebhookFormat Format, string? Secret)
{
    public string Name => $"webhook {Number} ({Url.Host})";

    public static WebhookTarget From(Settings settings, int number)
    {
        var key = $"Alerts__Webhooks__{number}__";
        var format = Enum.Parse<WebhookFormat>(settings.OneOf($"{key}Format", "generic", "generic", "slack", "teams"), ignoreCase: true);
        var secret = SignedWebhook.Secret(settings, $"{key}Secret");
        return new(number, settings.Url($"{key}Url", "https://hooks.example.org/leadsync"), format, secret);
    }
}

/// <param name="UsesTls">Whether the connection has to be encrypted.</param>
internal sealed record MailTarget(string Host, int Port, bool UsesTls, string? User, string? Password, string Sender,
    IReadOnlyList<string> Recipients)
{
    public const string Name = "mail";

    private const int UsualPort = 587;

    public static MailTarget From(Settings settings)
    {
        var text = settings.Required("Alerts__Mail__Server", "smtp.example.org:587");
        if (!Uri.TryCreate($"smtp://{text}", UriKind.Absolute, out var server) || server.Host.Length == 0
            || server is not { AbsolutePath: "/", UserInfo: "", Query: "", Fragment: "" })
            throw new SettingsException("Alerts__Mail__Server is not host:port: write it, for example "
                + "Alerts__Mail__Server=smtp.example.org:587");

        var user = settings.Optional("Alerts__Mail__User");
        return new(
            server.DnsSafeHost,
            server.IsDefaultPort ? UsualPort : server.Port,
            settings.Flag("Alerts__Mail__Tls", true),
            user,
            user is null ? null : settings.Secret("Alerts__Mail__Password", "..."),
            settings.Required("Alerts__Mail__From", "leadsync@example.org"),
            settings.Required("Alerts__Mail__To", "oncall@example.org,ops@example.org")
                .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
    }
}
