using LeadSync.Scheduler;
using LeadSync.Scheduler.Parking;
using LeadSync.Scheduler.Reconciling;
using LeadSync.Scheduler.Recording;
using LeadSync.Scheduler.Status;
using LeadSync.ServiceDefaults;

return await Service.RunAsync("scheduler", port: 8082, args,
    add: builder =>
    {
        builder.AddRecording();
        builder.AddReconciling();
        builder.AddParked();
        builder.AddStatus();
    },
    map: app =>
    {
        app.MapStatus();
        app.MapParked();
    },
    migrate: Schema.Migrate);
