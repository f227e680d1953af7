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
        builder.Services.AddSingleton<ReceivingRecorder>();
        builder.Services.AddHealthChecks().AddCheck<ReceivingCheck>("receiving", tags: ["ready"]);
        builder.Services.AddHostedService<PublicCertificate>();
        builder.Services.AddHostedService<ReceivingHeartbeat>();
    }

    /// <summary>Serves Zoho's paths below the path of the public address too, and no other path: the internet may reach all that is
    /// below.</summary>
    public static void UsePublicPath(this WebApplication app)
    {
        var pathBase = app.Services.GetRequiredService<GatewayOptions>().PathBase;
        app.UseWhen(
            http => http.Request.Path.StartsWithSegments(pathBase + GatewayOptions.Root), zoho => zoho.UsePathBase(pathBase));
        app.UseRouting();
    }

    public static void MapNotifications(this WebApplication app) =>
        app.MapPost(GatewayOptions.NotificationsPath, NotificationEndpoint.Receive);
}
