using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using LeadSync.DevStack.Services;
using LeadSync.TestSupport;
using LeadSync.TestSupport.Network;
using Npgsql;
using RabbitMQ.Client;

namespace LeadSync.IntegrationTests.Sync;

/// <summary>The three services and the Zoho simulator as processes, with their own database and virtual host.</summary>
public sealed class RunningSync : IAsyncDisposable
{
    // Only a failing test waits so long. A busy machine needs much of this time.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    // Zoho's bulk reads are fast, unless a test turns these dials. The processes live for minutes, so they hardly recompile methods,
    // and have no heap for each core.
    private static readonly (string Key, string Value)[] Defaults =
    [
        ("DOTNET_TieredPGO", "0"), ("DOTNET_TC_CallCountThreshold", "7FFF"), ("DOTNET_gcServer", "0"),
        ("Simulator__BulkAddedFor", "00:00:00.010"), ("Simulator__BulkQueuedFor", "00:00:00.010"),
        ("Simulator__BulkInProgressFor", "00:00:00.030"),
    ];

    private static int count;

    private readonly OwnServers own;
    private readonly TcpProxy? wayToPostgres;
    private readonly TcpProxy? wayToRabbitMq;

    private RunningSync(OwnServers own, ServiceProcesses services, TcpProxy wayToZoho, TcpProxy? wayToPostgres, TcpProxy? wayToRabbitMq)
    {
        (this.own, Services, WayToZoho) = (own, services, wayToZoho);
        (this.wayToPostgres, this.wayToRabbitMq) = (wayToPostgres, wayToRabbitMq);
        Database = NpgsqlDataSource.Create(own.Postgres);
    }

    public ServiceProcesses Services { get; }

    /// <summary>The proxy between the services and Zoho.</summary>
    public TcpProxy WayToZoho { get; }

    /// <summary>The proxy between the services and PostgreSQL. Only a sync that was started behind proxies has one.</summary>
    public TcpProxy WayToPostgres => wayToPostgres!;

    /// <summary>The proxy between the services and RabbitMQ. Only a sync that was started behind proxies has one.</summary>
    public TcpProxy WayToRabbitMq => wayToRabbitMq!;

    /// <summary>The test's own way to the database. No proxy is between them.</summary>
    public NpgsqlDataSource Database { get; }

    public Uri RabbitMq => own.RabbitMq;

    /// <inheritdoc cref="OwnServers.Name"/>
    public string Name => own.Name;

    public HttpClient Zoho => Services.Simulator.Http;

    public HttpClient Scheduler => Services.Scheduler.Http;

    public HttpClient Projector => Services.Projector.Http;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <param name="leads">The number of leads that Zoho has at first.</param>
    /// <param name="settings">Environment variables of all processes: the operators' keys, and <c>Simulator__…</c>
    /// for the simulator's dials.</param>
    public static Task<RunningSync> StartAsync(SharedServers shared, int leads, params (string Key, string Value)[] settings) =>
        BeginAsync(shared, leads, behindProxies: false, settings);

    /// <summary>Starts a sync whose services reach PostgreSQL and RabbitMQ through proxies.</summary>
    /// <inheritdoc cref="StartAsync"/>
    public static Task<RunningSync> StartBehindProxiesAsync(
        SharedServers shared, int leads, params (string Key, string Value)[] settings) =>
        BeginAsync(shared, leads, behindProxies: true, settings);

    private static async Task<RunningSync> BeginAsync(
        SharedServers shared, int leads, bool behindProxies, (string Key, string Value)[] settings)
    {
        var own = new OwnServers(shared);
        await own.InitializeAsync();
        var simulator = FreePort.Take();
        var wayToZoho = new TcpProxy(simulator);
        var zoho = $"http://127.0.0.1:{wayToZoho.Port}/";
        var (postgres, rabbitMq) = (new NpgsqlConnectionStringBuilder(own.Postgres), new UriBuilder(own.RabbitMq));
        TcpProxy? wayToPostgres = null, wayToRabbitMq = null;
        if (behindProxies)
        {
            (wayToPostgres, wayToRabbitMq) = (new TcpProxy(postgres.Port), new TcpProxy(rabbitMq.Port));
            (postgres.Host, postgres.Port) = ("127.0.0.1", wayToPostgres.Port);
            (rabbitMq.Host, rabbitMq.Port) = ("127.0.0.1", wayToRabbitMq.Port);
        }

        var services = new ServiceProcesses(
            new ServiceSettings(postgres.ConnectionString, rabbitMq.Uri)
            {
                Leads = leads,
                SimulatorPort = simulator,
                ApiVersion = settings.FirstOrDefault(setting => setting.Key == "Zoho__ApiVersion").Value ?? "v8",
                More = settings.Append(("Zoho__AccountsUrl", zoho)).Append(("Zoho__ApiUrl", zoho)).Concat(Defaults)
                    .DistinctBy(setting => setting.Item1).ToDictionary(setting => setting.Item1, setting => setting.Item2),
            },
            shared.Run,
            $"{Interlocked.Increment(ref count)}-");
        var sync = new RunningSync(own, services, wayToZoho, wayToPostgres, wayToRabbitMq);
        try
        {
            await shared.InTurn(() => services.StartAsync(Stop));
            return sync;
        }
        catch
        {
            await sync.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until the first read has ended and a catch-up has closed its gap.</summary>
    public async Task InSync() => await Until("the phase is 'in sync'", async () =>
        await Value("select phase from legacy.sync_status") is "in sync");

    /// <summary>Starts a catch-up, and waits until it is applied.</summary>
    public async Task CatchUp()
    {
        var before = await LastCatchUp();
        (await Scheduler.PostAsync("/catch-up", null, Stop)).EnsureSuccessStatusCode();
        await Until("a catch-up is applied", async () => await LastCatchUp() is (false, var started) && started > before.StartedAt);
    }

    /// <summary>
    /// Waits until no bulk read and no comparison runs, because a test would mistake it for the next one.
    /// </summary>
    public Task UntilIdle() => Until("nothing is read or compared", async () => await Status() is var status
        && status.GetProperty("run").ValueKind == JsonValueKind.Null
        && !status.GetProperty("fullComparison").GetProperty("isComparing").GetBoolean());

    /// <summary>
    /// Starts a full comparison, after one that may be running, and waits until it ends. LeadSync must not hold it back.
    /// </summary>
    public async Task Compare()
    {
        await UntilIdle();
        var before = await LastComparison();
        (await Scheduler.PostAsync("/full-comparison", null, Stop)).EnsureSuccessStatusCode();
        await Until(
            "every lead is compared",
            async () => await LastComparison() is var last && last.HeldBack is null && last.RunId != before.RunId);
    }

    /// <summary>Waits for a condition. When the condition does not come true, the failure names it.</summary>
    public static Task Until(string what, Func<Task<bool>> condition, TimeSpan? patience = null) =>
        Wait.UntilAsync(what, condition, patience ?? Patience, Stop);

    /// <summary>Calls the simulator's control API, and returns the ids of the changed leads.</summary>
    public async Task<string[]> Change(string what, object order)
    {
        var answer = await Zoho.PostAsJsonAsync($"/control/leads/{what}", order, JsonSerializerOptions.Default, Stop);
        answer.EnsureSuccessStatusCode();
        return
        [
            .. (await answer.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("ids").EnumerateArray().Select(id => id.GetString()!)
        ];
    }

    /// <summary>
    /// Waits until LeadSync last read every lead seconds ago by Zoho's clock, which the tests move forward. Zoho's times are whole seconds.
    /// Two values of a lead within one second cannot be ordered when the Modified_Time does not change.
    /// </summary>
    public Task UntilNothingIsFresh() => Until("the leads were last seen before the second of the next read", async () =>
    {
        var now = (await Zoho.GetFromJsonAsync<JsonElement>("/control/statistics", Stop)).GetProperty("now").GetDateTimeOffset();
        return await Value("select 1 from projector.leads having max(last_seen) < $1 - interval '2 seconds'", now.ToUniversalTime()) is 1;
    });

    public async Task Turn(object dials) => (await Zoho.PutAsJsonAsync("/control/dials", dials, Stop)).EnsureSuccessStatusCode();

    public async Task<object?> Value(string sql, params object[] parameters)
    {
        await using var command = Database.CreateCommand(sql);
        foreach (var parameter in parameters)
            command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        return await command.ExecuteScalarAsync(Stop) is { } value and not DBNull ? value : null;
    }

    /// <summary>
    /// A lead that only its bulk page has shown. The gateway also reads a lead with a rich text alone, because a page leaves it unknown.
    /// </summary>
    /// <returns>The lead's id.</returns>
    public async Task<string> LeadOfOneEvent() => (string)(await Value("""
        select id from legacy.leads
        where city is not null and company is not null and briefing is null
            and (select array_agg(source) from projector.lead_history where stream = 'lead-' || id) = '{BulkPage}'
        limit 1
        """))!;

    /// <summary>Makes the database refuse writes, or take them again, as a copy does, or a server with a full disk.</summary>
    public async Task SetReadOnly(bool isReadOnly)
    {
        var database = new NpgsqlConnectionStringBuilder(own.Postgres)
        {
            Options = "-c default_transaction_read_only=off", Pooling = false,
        };
        await using var connection = new NpgsqlConnection(database.ConnectionString);
        await connection.OpenAsync(Stop);
        foreach (var sql in (string[])
        [
            $"alter database \"{database.Database}\" set default_transaction_read_only = {(isReadOnly ? "on" : "off")}",
            // The sessions that run keep what they began with, so they end.
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()",
        ])
        {
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync(Stop);
        }

        Database.Clear();
    }

    /// <summary>Puts a message into a queue.</summary>
    /// <param name="body">MassTransit's envelope.</param>
    public async Task Publish(string queue, string body)
    {
        await using var connection = await new ConnectionFactory { Uri = RabbitMq }.CreateConnectionAsync(Stop);
        await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(true, true), Stop);
        var properties = new BasicProperties { ContentType = "application/vnd.masstransit+json", Persistent = true };
        await channel.BasicPublishAsync("", queue, mandatory: true, properties, Encoding.UTF8.GetBytes(body), Stop);
    }

    /// <summary>
    /// The scheduler's status, as soon as the scheduler can read its database: just after its start, or on a busy machine, it may not
    /// yet.
    /// </summary>
    public async Task<JsonElement> Status()
    {
        JsonElement status = default;
        await Until("the scheduler can read its database", async () =>
        {
            using var answer = await Scheduler.GetAsync("/status", Stop);
            if (answer.StatusCode == HttpStatusCode.ServiceUnavailable)
                return false;

            answer.EnsureSuccessStatusCode();
            status = await answer.Content.ReadFromJsonAsync<JsonElement>(Stop);
            return true;
        });
        return status;
    }

    private async Task<(string? RunId, string? HeldBack)> LastComparison()
    {
        var comparison = (await Status()).GetProperty("fullComparison");
        return (
            comparison.GetProperty("lastCompared") is { ValueKind: JsonValueKind.Object } last
                ? last.GetProperty("runId").GetString()
                : null,
            comparison.GetProperty("heldBack") is { ValueKind: JsonValueKind.Object } held ? held.ToString() : null);
    }

    private async Task<(bool IsRunning, DateTimeOffset StartedAt)> LastCatchUp()
    {
        var catchUp = (await Status()).GetProperty("catchUp");
        return (catchUp.GetProperty("id").ValueKind != JsonValueKind.Null, catchUp.GetProperty("lastStartedAt").GetDateTimeOffset());
    }

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        await Services.DisposeAsync();
        foreach (var way in new[] { WayToZoho, wayToPostgres, wayToRabbitMq }.OfType<TcpProxy>())
            await way.DisposeAsync();
        await own.DisposeAsync();
    }
}
