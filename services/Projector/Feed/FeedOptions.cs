using LeadSync.ServiceDefaults;
using LeadSync.ServiceDefaults.Network;
using LeadSync.ServiceDefaults.Webhooks;

namespace LeadSync.Projector.Feed;

/// <summary>An operator's settings of the change feed.</summary>
/// <param name="KeepDays">Whole days for which changes stay in the feed, after the day on which they became visible.</param>
/// <param name="WebhookUrl">The address to which changes are posted; null without a webhook.</param>
/// <param name="WebhookSecret">The secret of their signature; null for none.</param>
internal sealed record FeedOptions(int KeepDays = FeedOptions.DefaultDays, Uri? WebhookUrl = null, string? WebhookSecret = null)
{
    private const int DefaultDays = 90;

    public static FeedOptions From(Settings settings) => new(
        settings.Days("Feed__KeepDays", mostYears: 10, example: DefaultDays) ?? DefaultDays,
        settings.OptionalUrl("Feed__Webhook__Url", "https://accounts.example.org/leads"),
        SignedWebhook.Secret(settings, "Feed__Webhook__Secret"));
}

internal static class FeedRegistration
{
    public static void AddFeed(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton(FeedOptions.From(new Settings(builder.Configuration)));
        builder.Services.AddHttpClient(ChangeWebhook.Client).ConfigurePrimaryHttpMessageHandler(Outward.Handler);
        builder.Services.AddSingleton<WebhookProgress>();
        builder.Services.AddHostedService<FeedCare>();
        builder.Services.AddHostedService<ChangeWebhook>();
    }
}
