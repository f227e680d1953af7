using MassTransit;

namespace LeadSync.Gateway.Notifications;

internal static class NotificationsRegistration
{
    public static void AddNotifications(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<Receiving>();
        builder.Services.AddSingleton<LastHeard>();
        builder.Services.AddSingleton(provider =>
            new Announcements(provider.GetRequiredService<IBus>().Publish, provider.GetRequiredService<TimeProvider>()));
        builder.Services.AddSingleton<NotificationEndpoint>();
        // One for all messages: it gathers them.
        builder.Services.AddSingleton<LeadsAnnouncedConsumer>();
        builder.Services.AddHostedService<ReceivingHeartbeat>();
    }

    public static void MapNotifications(this WebApplication app)
    {
        var endpoint = app.Services.GetRequiredService<NotificationEndpoint>();
        foreach (var path in app.Services.GetRequiredService<GatewayOptions>().Served(GatewayOptions.NotificationsPath))
            app.MapPost(path, endpoint.Receive);
    }
}
