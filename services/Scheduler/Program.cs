using LeadSync.Scheduler;
using LeadSync.Scheduler.Actions;
using LeadSync.Scheduler.Alerts;
using LeadSync.Scheduler.Console;
using LeadSync.Scheduler.Leads;
using LeadSync.Scheduler.Log;
using LeadSync.Scheduler.Parking;
using LeadSync.Scheduler.Reconciling;
using LeadSync.Scheduler.Recording;
using LeadSync.Scheduler.Status;
using LeadSync.ServiceDefaults;

return await Service.Run("scheduler", port: 8082, args,
    add: builder =>
    {
        builder.AddRecording();
        builder.AddReconciling();
        builder.AddParked();
        builder.AddStatus();
        builder.AddActions();
        builder.AddAlerts();
        builder.AddLeads();
        builder.AddConsole();
    },
    map: app =>
    {
        app.UseConsoleAccess();
        app.MapStatus();
        app.MapActions();
        app.MapParked();
        app.MapAlerts();
        app.MapLog();
        app.MapLeads();
        app.MapConsole();
    },
    migrate: Schema.Migrate,
    addForMigration: builder => builder.AddEventStore());
