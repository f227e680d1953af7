using LeadSync.Scheduler;
using LeadSync.Scheduler.Reconciling;
using LeadSync.Scheduler.Recording;
using LeadSync.Scheduler.Status;
using LeadSync.ServiceDefaults;

return await Service.RunAsync("scheduler", port: 8082, args,
    add: builder =>
    {
        builder.AddRecording();
        builder.AddReconciling();
        builder.AddStatus();
    },
    map: app => app.MapStatus(),
    migrate: Schema.Migrate);
