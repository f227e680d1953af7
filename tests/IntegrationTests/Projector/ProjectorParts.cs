using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization;
using LeadSync.Contracts;
using LeadSync.Projector;
using LeadSync.Projector.BulkPages;
using LeadSync.Projector.Leads;
using LeadSync.Projector.LegacyView;
using LeadSync.Projector.Rebuilds;
using LeadSync.ServiceDefaults.Database;
using LeadSync.ServiceDefaults.Parking;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace LeadSync.IntegrationTests.Projector;

/// <summary>The projector's classes on a real PostgreSQL, within the test's process, and the rows that they write.</summary>
public sealed class ProjectorParts(SharedServers shared) : IAsyncLifetime
{
    public const string FieldSet = "the fields";

    private static readonly LeadFields Fields = new(FieldSet,
    [
        new("Annual_Revenue", FieldType.Numeric),
        new("Colors", FieldType.Set, ["Red", "Blue", "Red, dark"]),
        new("Converted__s", FieldType.Boolean),
        new("Last_Activity_Time", FieldType.DateTime),
        new("Last_Name", FieldType.Text),
        new("No_of_Employees", FieldType.Integer),
    ]);

    private readonly OneGateway gateway = new() { Described = Fields };
    private readonly OwnServers own = new(shared);
    private readonly string? given;
    private ServiceProvider? services;

    /// <param name="postgres">The connection string of an empty database on another server.</param>
    internal ProjectorParts(SharedServers shared, string postgres)
        : this(shared) => given = postgres;

    /// <summary>The database's connection string.</summary>
    public string Postgres => given ?? own.Postgres;

    internal NpgsqlDataSource Database => Part<NpgsqlDataSource>();

    /// <summary>The gateway's answer about Zoho's fields; null when no gateway answers.</summary>
    internal LeadFields? Described
    {
        get => gateway.Described;
        set => gateway.Described = value;
    }

    /// <summary>The gateway's answer about names; null when no gateway answers.</summary>
    internal LeadDictionary? Dictionary
    {
        set => gateway.Dictionary = value;
    }

    internal LeadFold Leads => Part<LeadFold>();

    internal LeadHistory History => Part<LeadHistory>();

    internal ViewRebuild Rebuild => Part<ViewRebuild>();

    internal IDocumentStore Marten => Part<IDocumentStore>();

    internal PageOutcome? LastOutcome { get; private set; }

    public async ValueTask InitializeAsync()
    {
        if (given is null)
            await own.InitializeAsync();
        services = new ServiceCollection()
            .AddLogging()
            .AddSingleton(TimeProvider.System)
            .AddSingleton(NpgsqlDataSource.Create(Postgres))
            .AddKeyedSingleton(PostgresSettings.LongWork, NpgsqlDataSource.Create(PostgresSettings.ForLongWork(new(Postgres))))
            .AddSingleton(new GatewayClient(new HttpClient(gateway) { BaseAddress = new Uri("http://gateway/") }))
            .AddParking("projector")
            .AddProjection()
            .BuildServiceProvider();
        await services.MigrateParking(TestContext.Current.CancellationToken);
        await Schema.Migrate(services, TestContext.Current.CancellationToken);
        // Concurrent folds, and tests that hold a transaction open, keep the view from getting its columns for a while.
        await Part<LegacyColumns>().For(FieldSet, TestContext.Current.CancellationToken);
    }

    internal Task Fold(params LeadChanged[] changes) => Part<ILeadProjection>().Project(
        [.. changes.Select(change => (change, default(ActivityContext)))], "a test", TestContext.Current.CancellationToken);

    internal async Task<(int Applied, int Unchanged, int Parked)> Project(BulkPageReady page, Stream? zip)
    {
        var ct = TestContext.Current.CancellationToken;
        await using var file = await PageFile.Keep(zip, ct);
        LastOutcome = await Part<PageProjection>().Project(page, file, await Part<LegacyColumns>().For(FieldSet, ct), ct);
        return (LastOutcome.Applied, LastOutcome.Unchanged, LastOutcome.Parked);
    }

    /// <summary>The first row of a query, or null when there is none.</summary>
    internal async Task<object?[]?> Row(string sql, params object[] parameters)
    {
        await using var command = Database.CreateCommand(sql);
        foreach (var parameter in parameters)
            command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        return await reader.ReadAsync(TestContext.Current.CancellationToken)
            ? [.. Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? null : reader.GetValue(i))]
            : null;
    }

    internal async Task<T> Value<T>(string sql, params object[] parameters) => (T)(await Row(sql, parameters))![0]!;

    public async ValueTask DisposeAsync()
    {
        if (services is not null)
            await services.DisposeAsync();
        await own.DisposeAsync();
    }

    internal ServiceProvider Services => services!;

    internal T Part<T>() where T : notnull => services!.GetRequiredService<T>();

    private sealed class OneGateway : HttpMessageHandler
    {
        private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
        {
            Converters = { new JsonStringEnumConverter() }
        };

        public LeadFields? Described { get; set; }

        public LeadDictionary? Dictionary { get; set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            (request.RequestUri!.AbsolutePath == "/dictionary" ? Dictionary : (object?)Described) is { } answer
                ? Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = JsonContent.Create(answer, options: Json) })
                : throw new HttpRequestException("nobody listens");
    }
}
