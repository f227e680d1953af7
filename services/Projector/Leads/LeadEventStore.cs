using JasperFx;
using JasperFx.Events;
using Marten;
using Npgsql;
using Weasel.Core;

namespace LeadSync.Projector.Leads;

/// <summary>The event store: one stream per lead in the schema <c>projector</c>.</summary>
internal static class LeadEventStore
{
    public static void AddLeadEventStore(this IServiceCollection services) =>
        services.AddMarten(provider =>
        {
            var options = new StoreOptions { DatabaseSchemaName = "projector", AutoCreateSchemaObjects = AutoCreate.None };
            options.Connection(provider.GetRequiredService<NpgsqlDataSource>());
            options.UseSystemTextJsonForSerialization(EnumStorage.AsString);
            options.Events.StreamIdentity = StreamIdentity.AsString;
            options.Events.MetadataConfig.CorrelationIdEnabled = true;
            options.Events.MetadataConfig.CausationIdEnabled = true;
            options.Events.MapEventType<LeadSeen>("lead_seen");
            options.Events.MapEventType<LeadGone>("lead_gone");
            return options;
        }).UseLightweightSessions();
}
