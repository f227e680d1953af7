using LeadSync.Gateway;
using LeadSync.Gateway.BulkReads;
using LeadSync.Gateway.Bus;
using LeadSync.Gateway.CatchUps;
using LeadSync.Gateway.Channels;
using LeadSync.Gateway.Credits;
using LeadSync.Gateway.Notifications;
using LeadSync.Gateway.Records;
using LeadSync.Gateway.Zoho;
using LeadSync.Gateway.Zoho.Fields;
using LeadSync.ServiceDefaults;
using LeadSync.ServiceDefaults.Bus;
using MassTransit;

return await Service.Run("gateway", port: 8080, args,
    add: builder =>
    {
        builder.AddInternalListener();
        builder.AddZoho();
        builder.AddCredits();
        builder.AddRecords();
        builder.AddChannels();
        builder.AddBulkReads();
        builder.AddCatchUps();
        builder.Services.AddSingleton<Commands>();
        builder.AddBus(bus => bus.AddConsumers(typeof(Schema).Assembly.GetTypes()));
        // The host stops the last added service first: the heartbeat reports that this replica has stopped receiving, before the bus
        // has drained.
        builder.AddNotifications();
    },
    map: app =>
    {
        app.UsePublicPath();
        app.UseInternalListener();
        app.MapNotifications();
        app.MapBulkReads();
        app.MapLeadFields();
    },
    migrate: Schema.Migrate);
