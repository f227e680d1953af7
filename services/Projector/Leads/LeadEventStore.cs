using JasperFx;
using JasperFx.Events;
using JasperFx.Events.Projections;
using LeadSync.Projector.LegacyView;
using Marten;
using Marten.Events.Aggregation;
using Npgsql;
using Weasel.Core;

namespace LeadSync.Projector.Leads;

/// <summary>The event store: one stream per lead in the schema <c>projector</c>, named <c>lead-</c> and the lead's id.</summary>
public static class LeadEventStore
{
    /// <summary>Lets a Marten store read leads and append to their streams. The projector takes over what other programs append.</summary>
    public static void UseLeadEvents(this StoreOptions options) => options.UseEventsOf(Module.Leads);

    internal static void AddLeadEventStore(this IServiceCollection services) =>
        services.AddMarten(provider =>
        {
            var options = new StoreOptions { AutoCreateSchemaObjects = AutoCreate.None };
            options.Connection(provider.GetRequiredService<NpgsqlDataSource>());
            options.UseEventsOf(provider.GetRequiredService<Module>());
            // This mode takes one more round trip for a batch, and half the time for an event: decision 1.
            options.Events.AppendMode = EventAppendMode.Rich;
            options.Projections.Add(provider.GetRequiredService<LegacyViewProjection>(), ProjectionLifecycle.Inline);
            return options;
        }).UseLightweightSessions();

    /// <summary>The store that creates Marten's tables. It appends in Marten's default mode, so it also creates the function that this mode
    /// calls: another program may append in that mode.</summary>
    internal static DocumentStore OfTables(NpgsqlDataSource database) => DocumentStore.For(options =>
    {
        options.AutoCreateSchemaObjects = AutoCreate.None;
        options.Connection(database);
        options.UseLeadEvents();
    });

    private static void UseEventsOf(this StoreOptions options, Module module)
    {
        options.DatabaseSchemaName = module.Schema;
        options.UseSystemTextJsonForSerialization(EnumStorage.AsString);
        options.Events.StreamIdentity = StreamIdentity.AsString;
        options.Events.MetadataConfig.CorrelationIdEnabled = true;
        options.Events.MetadataConfig.CausationIdEnabled = true;
        options.Events.MapEventType<LeadSeen>(module.Seen);
        options.Events.MapEventType<LeadGone>(module.Gone);
        options.Projections.Add(new LeadAggregation(), ProjectionLifecycle.Live);
    }
}

/// <summary>A lead's stream as <c>AggregateStreamAsync&lt;Lead&gt;</c> folds it.</summary>
public sealed class LeadAggregation : SingleStreamProjection<Lead, string>
{
    /// <inheritdoc/>
    public override Lead? Evolve(Lead? snapshot, string id, IEvent e) =>
        e.Data is LeadEvent known ? known.Apply(snapshot ?? Lead.Unknown with { Id = id }) : snapshot;
}
