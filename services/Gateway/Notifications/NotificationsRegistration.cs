using Microsoft.AspNetCore.Mvc;

namespace LeadSync.Gateway.Notifications;

internal static class NotificationsRegistration
{
    public static void AddNotifications(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<Receiving>();
        builder.Services.AddSingleton<NotificationEndpoint>();
        builder.Services.AddHostedService<ReceivingHeartbeat>();
    }

    public static void MapNotifications(this WebApplication app) =>
        app.MapPost(GatewayOptions.NotificationsPath, app.Services.GetRequiredService<NotificationEndpoint>().Receive)
            .WithMetadata(new RequestSizeLimitAttribute(RequestBody.Limit));
}
