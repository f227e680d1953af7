using System.Text.Json.Serialization;
using LeadSync.Projector;
using LeadSync.Projector.Bus;
using LeadSync.Projector.Feed;
using LeadSync.Projector.Leads;
using LeadSync.Projector.Privacy;
using LeadSync.Projector.Rebuilds;
using LeadSync.ServiceDefaults;
using LeadSync.ServiceDefaults.Access;
using LeadSync.ServiceDefaults.Bus;
using MassTransit;

return await Service.Run("projector", port: 8081, args,
    add: builder =>
    {
        GatewayClient.Add(builder);
        builder.AddAccess();
        builder.Services.AddProjection();
        builder.AddFeed();
        builder.AddPrivacy();
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.Converters.Add(new JsonStringEnumConverter()));
        builder.AddBus(bus =>
        {
            bus.AddConsumer<LeadsChangedConsumer, LeadsChangedConsumerDefinition>();
            bus.AddConsumer<LeadsRereadConsumer, LeadsRereadConsumerDefinition>();
            bus.AddConsumer<LeadChangedConsumer>();
            bus.AddConsumer<BulkPageReadyConsumer, BulkPageReadyConsumerDefinition>();
            bus.AddConsumer<CatchUpPageReadyConsumer>();
            bus.AddConsumer<CompareLeadsConsumer, CompareLeadsConsumerDefinition>();
            bus.AddConsumer<RebuildViewConsumer, RebuildViewConsumerDefinition>();
            bus.AddConsumer<ForgetLeadConsumer>();
            bus.AddConsumer<ReplayChangesConsumer>();
        });
    },
    map: app =>
    {
        app.UseAccess();
        app.MapLeads();
    },
    migrate: Schema.Migrate,
    addForMigration: builder => builder.Services.AddSingleton<FeedDays>(),
    job: ("rebuild", RebuildJob.Run));
