using System.Text;
using System.Text.Json;
using JasperFx.Events;
using LeadSync.Projector.Leads;
using LeadSync.Scheduler.Planning;
using LeadSync.Scheduler.Recording;
using Marten;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace LeadSync.UnitTests.Compatibility;

/// <summary>Events stay in the stores for ever, so every version reads the events of all earlier versions.</summary>
public sealed class StoredEventTests
{
    private const string Scheduler = "SchedulerEvents";
    private const string Projector = "LeadEvents";

    // The stores as the services configure them, shared by all tests. No test connects to the database.
    private static readonly Lazy<IReadOnlyStoreOptions> SchedulerStore = new(() => Options(builder =>
    {
        builder.Configuration["ConnectionStrings:RabbitMq"] = "amqp://nowhere";
        builder.AddRecording();
    }));

    private static readonly Lazy<IReadOnlyStoreOptions> ProjectorStore = new(() =>
    {
        var options = new StoreOptions();
        options.UseLeadEvents();
        return options;
    });

    public static TheoryData<string, string> Events =>
    [
        .. Samples.SchedulerEvents.Keys.Select(name => (Scheduler, name)),
        .. Samples.LeadEvents.Keys.Select(name => (Projector, name)),
    ];

    [Theory, MemberData(nameof(Events))]
    public void an_event_that_an_earlier_version_stored_is_read(string kind, string name)
    {
        var sample = SamplesOf(kind)[name];
        var store = Store(kind);

        TypeStoredAs(store, name).ShouldBe(sample.GetType());
        using var json = new MemoryStream(Encoding.UTF8.GetBytes(Stored(kind, name)));
        JsonSerializer.Serialize(store.Serializer().FromJson(sample.GetType(), json)).ShouldBe(JsonSerializer.Serialize(sample));
    }

    [Theory, MemberData(nameof(Events))]
    public void an_earlier_version_reads_what_is_stored_now(string kind, string name)
    {
        var today = JsonDocument.Parse(Store(kind).Serializer().ToJson(SamplesOf(kind)[name])).RootElement;

        Golden.FirstLoss(JsonDocument.Parse(Stored(kind, name)).RootElement, today).ShouldBeNull();
    }

    [Theory]
    [InlineData(Scheduler)]
    [InlineData(Projector)]
    public void every_event_has_a_golden_file_and_every_golden_file_an_event(string kind)
    {
        var known = Store(kind).Events.AllKnownEventTypes().Where(type => type.EventType.Assembly != typeof(IEvent).Assembly)
            .Select(type => type.EventTypeName).ToList();

        known.Except(SamplesOf(kind).Keys)
            .ShouldBeEmpty("Add a sample of it to Samples, with every member set, and run these tests with ADD_GOLDEN=1.");
        Golden.Names(kind).Except(SamplesOf(kind).Keys).ShouldBeEmpty("Such events are stored: they have to be read for ever.");
    }

    [Theory]
    [InlineData(Scheduler)]
    [InlineData(Projector)]
    public void a_member_that_came_later_has_a_default(string kind) => Members.WithoutDefault(Stored(kind)).ShouldBeEmpty(
        "Events without it are stored: give it a default that means what its absence meant.");

    [Theory]
    [InlineData(Scheduler)]
    [InlineData(Projector)]
    public void every_member_has_a_value_in_a_golden_file(string kind) => Members.WithoutValue(Stored(kind)).ShouldBeEmpty(
        "Nothing pins how it is stored: add one more sample of the event that sets it, for instance gap_closed.2, and run these tests "
            + "with ADD_GOLDEN=1.");

    [Fact]
    public void the_scheduler_s_state_is_folded_from_events_of_earlier_versions()
    {
        var store = Store(Scheduler);
        var state = SyncState.Empty;
        foreach (var (name, sample) in Samples.SchedulerEvents)
        {
            using var json = new MemoryStream(Encoding.UTF8.GetBytes(Stored(Scheduler, name)));
            state = SyncState.Apply(state, store.Serializer().FromJson(sample.GetType(), json));
        }

        JsonSerializer.Serialize(state)
            .ShouldBe(JsonSerializer.Serialize(Samples.SchedulerEvents.Values.Aggregate(SyncState.Empty, SyncState.Apply)));
    }

    private static IReadOnlyStoreOptions Options(Action<WebApplicationBuilder> add)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddSingleton(NpgsqlDataSource.Create("Host=nowhere")).AddSingleton(TimeProvider.System);
        add(builder);
        return builder.Services.BuildServiceProvider().GetRequiredService<IDocumentStore>().Options;
    }

    private static IReadOnlyStoreOptions Store(string kind) => kind == Scheduler ? SchedulerStore.Value : ProjectorStore.Value;

    private static IReadOnlyDictionary<string, object> SamplesOf(string kind) =>
        kind == Scheduler ? Samples.SchedulerEvents : Samples.LeadEvents;

    private static Type TypeStoredAs(IReadOnlyStoreOptions store, string name) =>
        store.Events.AllKnownEventTypes().Single(type => type.EventTypeName == NameOnly(name)).EventType;

    // A further sample of an event has a number after its name.
    private static string NameOnly(string name) => name.Split('.')[0];

    private static IEnumerable<(Type Type, JsonElement Json)> Stored(string kind) => SamplesOf(kind).Select(sample =>
        (sample.Value.GetType(), JsonDocument.Parse(Stored(kind, sample.Key)).RootElement));

    private static string Stored(string kind, string name) =>
        Golden.Read(kind, name, () => Store(kind).Serializer().ToJson(SamplesOf(kind)[name]));
}
