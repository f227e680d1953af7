using LeadSync.Scheduler;
using LeadSync.Scheduler.Console;
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
        builder.AddConsole();
    },
    map: app =>
    {
        app.UseActionAccess();
        app.MapStatus();
        app.MapParked();
        app.MapConsole();
    },
    migrate: Schema.Migrate);
