namespace LeadSync.Gateway.Notifications;

internal static class NotificationsRegistration
{
    public static void AddNotifications(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<Receiving>();
        builder.Services.AddSingleton<IReceivingRecord, ReceivingRecord>();
        builder.Services.AddSingleton<Announcements>();
        builder.Services.AddSingleton<NotificationIntake>();
        builder.Services.AddSingleton<AnnouncedLeads>();
        builder.Services.AddSingleton<Heartbeat>();
        builder.Services.AddHealthChecks().AddCheck<ReceivingCheck>("receiving", tags: ["ready"]);
        builder.Services.AddHostedService<PublicCertificate>();
        builder.Services.AddHostedService<ReceivingHeartbeat>();
    }

    public static void MapNotifications(this WebApplication app)
    {
        foreach (var path in app.Services.GetRequiredService<GatewayOptions>().Served(GatewayOptions.NotificationsPath))
            app.MapPost(path, NotificationEndpoint.Receive);
    }
}
