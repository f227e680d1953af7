using System.Diagnostics;
using System.Net.Sockets;
using LeadSync.ServiceDefaults.Database;
using LeadSync.ServiceDefaults.Health;
using LeadSync.ServiceDefaults.Network;
using LeadSync.ServiceDefaults.Parking;
using LeadSync.ServiceDefaults.Presence;
using LeadSync.ServiceDefaults.Shutdown;
using LeadSync.ServiceDefaults.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace LeadSync.ServiceDefaults;

/// <summary>How the three services start, stop, and report errors.</summary>
public static class Service
{
    // The services' statements run for milliseconds and repeat: compiling each costs far more than it saves. The services decompress
    // events by the thousand: lz4 takes a third of the time of PostgreSQL's own compression. The client limits how long a statement may
    // run: hosting services give a role a statement_timeout that is meant for people. A frozen process loses its transactions' locks.
    internal const string Session = "set jit = off; set default_toast_compression = lz4; set statement_timeout = 0; "
        + "set idle_in_transaction_session_timeout = '10min'";

    private static readonly TimeSpan DatabasePatience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan FrozenMigration = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan MigrationKeepAlive = TimeSpan.FromSeconds(15);

    /// <summary>
    /// Runs a service until it is told to stop. With the argument <c>migrate</c> it only upgrades its schema. With <c>health</c> it asks
    /// the process that already runs whether it is ready. With <c>--version</c> it writes its version.
    /// </summary>
    /// <param name="name">The service's name in traces and logs, for instance <c>gateway</c>.</param>
    /// <param name="port">The port to listen on by default.</param>
    /// <param name="args">The process's arguments.</param>
    /// <param name="add">Registers the service's parts.</param>
    /// <param name="map">Maps its endpoints.</param>
    /// <param name="migrate">Creates or upgrades the service's own schema; must be repeatable.</param>
    /// <param name="addForMigration">Registers what <paramref name="migrate"/> needs and nothing else: it knows no secret but the
    /// database's. Null registers nothing.</param>
    /// <param name="job">What the process does instead when its first argument is the job's name. The job gets the other arguments and
    /// returns the exit code.</param>
    /// <returns>The exit code: 0; 2 when the configuration is wrong; 1 when database, broker or network fail. A sentence on standard error
    /// says which. Any other exception is a fault of the program, and ends it with its stack trace.</returns>
    public static async Task<int> Run(
        string name,
        int port,
        string[] args,
        Action<WebApplicationBuilder> add,
        Action<WebApplication> map,
        Func<IServiceProvider, CancellationToken, Task> migrate,
        Action<WebApplicationBuilder>? addForMigration = null,
        (string Name, Func<IServiceProvider, IReadOnlyList<string>, CancellationToken, Task<int>> Run)? job = null)
    {
        if (args is ["--version"])
        {
            await Console.Out.WriteLineAsync($"{name} {ProgramVersion.Text}");
            return 0;
        }

        var listensOn = Listening.Key;
        try
        {
            if (args is ["health"])
                return await HealthProbe.Run(Listening.PortOfThisMachine(port));

            Outward.KeepInside();
            var builder = SettingsFile.Read(() => WebApplication.CreateSlimBuilder(args));
            var settings = new Settings(builder.Configuration);
            AddDefaults(builder, settings, name, port);
            var migrateOnly = args.Contains("migrate");
            (migrateOnly ? addForMigration : add)?.Invoke(builder);

            listensOn = builder.Configuration[WebHostDefaults.ServerUrlsKey];
            await using var app = builder.Build();
            var migrated = migrateOnly || settings.Flag("Database__AutoMigrate", true)
                ? Migrate(app, settings, migrate)
                : LookAtDatabase(app);
            if (migrateOnly)
            {
                await migrated;
                return 0;
            }

            if (job is { } once && args.FirstOrDefault() == once.Name)
            {
                await migrated;
                return await once.Run(app.Services, args[1..], app.Lifetime.ApplicationStopping);
            }

            // Building the bus takes about as long as checking the schema, and does not depend on it.
            var assembled = Task.Run(() => app.Services.GetServices<IHostedService>().Count());
            Draining.Use(app);
            OutageAnswer.Use(app);
            app.MapHealth();
            app.MapPrometheusScrapingEndpoint();
            map(app);
            await Task.WhenAll(migrated, assembled);
            await app.RunAsync();
            return Environment.ExitCode;
        }
        catch (SettingsException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 2;
        }
        catch (Exception e) when (e is IOException { InnerException: AddressInUseException or AggregateException }
            or SocketException { SocketErrorCode: SocketError.AccessDenied or SocketError.AddressNotAvailable })
        {
            await Console.Error.WriteLineAsync(
                $"{name} cannot listen on {listensOn}: {e.Message.TrimEnd('.')}; end the program that listens there, or choose another "
                    + $"address, for example {Listening.Key}=http://+:{port + 1000}");
            return 1;
        }
        catch (Exception e) when (e is NpgsqlException or IOException or SocketException)
        {
            await Console.Error.WriteLineAsync($"{name} cannot start: {e.GetBaseException().Message}");
            return 1;
        }
    }

    private static void AddDefaults(WebApplicationBuilder builder, Settings settings, string name, int port)
    {
        builder.Services.AddSingleton(TimeProvider.System);
        builder.AddAddresses(port);
        builder.AddPlainLogging();
        builder.AddPostgres(settings);
        builder.Services.AddParking(name);
        builder.AddTelemetry(name, settings);
        Draining.Add(builder, settings);
        builder.Services.AddHealthChecks().AddNpgSql(name: "postgres", tags: ["ready"]);
        builder.Services.AddHealthChecks().Add(new(
            "schema", provider => new SchemaCheck(name, provider.GetRequiredService<NpgsqlDataSource>()), null, ["ready"]));
        builder.Services.AddSingleton<InFlight>();
        builder.Services.AddHostedService(provider =>
            ActivatorUtilities.CreateInstance<Heartbeat>(provider, name, settings.Flag("Database__AutoMigrate", true)));
    }

    private static async Task Migrate(WebApplication app, Settings settings, Func<IServiceProvider, CancellationToken, Task> migrate)
    {
        var (database, clock) = (app.Services.GetRequiredService<NpgsqlDataSource>(), app.Services.GetRequiredService<TimeProvider>());
        var lifetime = app.Services.GetRequiredService<IHostApplicationLifetime>();
        await using var alone = new MigrationLock(PostgresSettings.Read(settings), FrozenMigration, MigrationKeepAlive, clock);
        var started = clock.GetTimestamp();
        while (true)
        {
            try
            {
                await PostgresSettings.DemandSessions(database, lifetime.ApplicationStopping);
                await alone.RunAlone(MigrateAlone, lifetime.ApplicationStopping);
                return;
            }
            catch (NpgsqlException e) when (e.IsTransient && clock.GetElapsedTime(started) < DatabasePatience)
            {
                // A database that starts at the same time as the service is normal.
                await Task.Delay(TimeSpan.FromSeconds(1), clock, lifetime.ApplicationStopping);
            }
        }

        async Task MigrateAlone()
        {
            await app.Services.MigrateParking(lifetime.ApplicationStopping);
            await migrate(app.Services, lifetime.ApplicationStopping);
            await Sequences.SetRight(database, lifetime.ApplicationStopping);
        }
    }

    // Readiness, not this check, reports a database that cannot be reached.
    private static async Task LookAtDatabase(WebApplication app)
    {
        var database = app.Services.GetRequiredService<NpgsqlDataSource>();
        try
        {
            await PostgresSettings.DemandSessions(database, app.Lifetime.ApplicationStopping);
            await Sequences.Demand(database, app.Lifetime.ApplicationStopping);
        }
        catch (NpgsqlException)
        {
            // Every use of the database tries again.
        }
    }

    private static void AddAddresses(this WebApplicationBuilder builder, int port)
    {
        builder.WebHost.UseUrls([.. Listening.Urls(builder.Configuration, port)]);
        // ASP.NET Core warns when it has both.
        builder.WebHost.UseSetting(WebHostDefaults.HttpPortsKey, "");
    }

    private static void AddPlainLogging(this WebApplicationBuilder builder)
    {
        builder.Logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
        });

        // HttpClient's log lines show addresses with secrets in the query.
        builder.Services.ConfigureHttpClientDefaults(http => http.RemoveAllLoggers());
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.Logging.AddFilter("Polly", LogLevel.Error);
        builder.Logging.AddFilter("Npgsql", LogLevel.Warning);
    }

    private static void AddPostgres(this WebApplicationBuilder builder, Settings settings)
    {
        var connection = PostgresSettings.Read(settings);
        connection.MaxAutoPrepare = Math.Max(connection.MaxAutoPrepare, 20);
        builder.Services.AddSingleton(provider => Source(provider, connection));
        builder.Services.AddKeyedSingleton(
            PostgresSettings.LongWork, (provider, _) => Source(provider, PostgresSettings.ForLongWork(connection)));

        static NpgsqlDataSource Source(IServiceProvider provider, NpgsqlConnectionStringBuilder connection) =>
            PostgresSettings.Source(connection, Session, source =>
            {
                source.UseLoggerFactory(provider.GetRequiredService<ILoggerFactory>());
                // Without this filter, work that belongs to no change, such as the scheduler's tick, would start a trace every second.
                source.ConfigureTracing(tracing => tracing.ConfigureCommandFilter(_ => Activity.Current is not null));
            });
    }
}
