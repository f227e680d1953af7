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
        builder.Services.AddSingleton<Snapshots>();
        builder.Services.AddSingleton<SyncLog>();
        builder.Services.AddSingleton<ISyncLog>(services => services.GetRequiredService<SyncLog>());

        // All of them append to one stream; side by side they would only collide.
        builder.AddBus(bus => bus.AddConsumer<SyncEventConsumer>().Endpoint(queue =>
        {
            queue.Name = "scheduler";
            queue.ConcurrentMessageLimit = 1;
        }));
    }

    public static void AddEventStore(this WebApplicationBuilder builder)
    {
        // Marten logs what it throws as well, and two who append at the same moment are no error.
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
