using JasperFx;
using JasperFx.Events;
using LeadSync.ServiceDefaults.Bus;
using Marten;
using Weasel.Core;

namespace LeadSync.Scheduler.Recording;

internal static class RecordingRegistration
{
    /// <summary>The event store, and the one queue whose messages go into it.</summary>
    public static void AddRecording(this WebApplicationBuilder builder)
    {
        builder.AddEventStore();
        builder.Services.AddSingleton<ISyncLog>(services => services.GetRequiredService<SyncLog>());

        // All messages are appended to one stream, and parallel appends would only collide.
        builder.AddBus(bus => bus.AddConsumer<SyncEventConsumer>().Endpoint(queue =>
        {
            queue.Name = "scheduler";
            queue.ConcurrentMessageLimit = 1;
        }));
    }

    public static void AddEventStore(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<Snapshots>();
        builder.Services.AddSingleton<SyncLog>();
        // Marten also logs the exceptions that it throws. Two appends at the same moment are not an error.
        builder.Logging.AddFilter("Marten", LogLevel.Critical);
        builder.Services.AddMarten(options =>
        {
            options.DatabaseSchemaName = "scheduler";
            options.AutoCreateSchemaObjects = AutoCreate.None;
            options.UseSystemTextJsonForSerialization(EnumStorage.AsString);
            options.Events.StreamIdentity = StreamIdentity.AsString;
            options.Events.MapStoredEvents();
        }).UseNpgsqlDataSource().UseLightweightSessions();
    }
}
