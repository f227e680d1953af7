using System.Reflection;
using LeadSync.ServiceDefaults.Database;
using LeadSync.ServiceDefaults.Health;
using LeadSync.ServiceDefaults.Shutdown;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace LeadSync.ServiceDefaults.Presence;

/// <summary>Records in the database, every few seconds, that this process runs, its version, whether it is ready, and what it is working
/// on.</summary>
/// <param name="migrates">Whether the service creates its tables when it starts.</param>
internal sealed partial class Heartbeat(
    string service, bool migrates, NpgsqlDataSource database, [FromKeyedServices(PostgresSettings.LongWork)] NpgsqlDataSource longWork,
        InFlight inFlight, HealthCheckService checks, IHostApplicationLifetime lifetime, TimeProvider clock, ILogger<Heartbeat> log)
    : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);
    private static readonly Guid Instance = Guid.NewGuid();

    private readonly DateTimeOffset startedAt = clock.GetUtcNow();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Beat(stoppingToken);
            }
            catch (PostgresException e) when (migrates
                && e.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName)
            {
                LogReplaced();
                Environment.ExitCode = 1;
                lifetime.StopApplication();
            }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.ReadOnlySqlTransaction)
            {
                // After a switchover, the pooled connections still lead to the server that takes no writes any more. New connections
                // lead to its successor.
                database.Clear();
                longWork.Clear();
            }
            catch (NpgsqlException)
            {
                // Readers of the heartbeats see that they stop; the readiness check says why.
            }
            catch (Exception e) when (!e.IsRequestedEnd(stoppingToken) && e is TimeoutException)
            {
                // Readers of the heartbeats see that they stop; the readiness check says why.
            }

            await Task.Delay(Pause, clock, stoppingToken);
        }
    }

    [LoggerMessage(LogLevel.Critical,
        "The database holds no tables of LeadSync any more: it was replaced. This process ends, so that its next start creates them and "
            + "remembers nothing.")]
    private partial void LogReplaced();

    private async Task Beat(CancellationToken ct)
    {
        var (count, oldest) = inFlight.Now;
        var trouble = await checks.Trouble(clock, ct);
        await database.Execute("""
            with forgotten as (delete from parking.running where seen_at < now() - interval '1 day')
            insert into parking.running (instance, service, version, host, started_at, working_on, working_since, not_ready)
            values ($1, $2, $3, $4, $5, $6, $7::timestamptz, $8::text)
            on conflict (instance) do update set seen_at = now(), working_on = excluded.working_on,
                working_since = excluded.working_since, not_ready = excluded.not_ready
            """, ct, Instance, service, ProgramVersion.Text, Environment.MachineName, startedAt, count, oldest, trouble);
    }
}

/// <summary>The version of the program that runs.</summary>
public static class ProgramVersion
{
    private const int HashLength = 8;

    /// <summary>For instance <c>1.1.0+5f1c2ab0</c>: the release, and the commit that it was built from, where the build knows it.</summary>
    public static string Text { get; } = Short(
        (Assembly.GetEntryAssembly() ?? typeof(ProgramVersion).Assembly)
            .GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0.0.0");

    private static string Short(string version) =>
        version.IndexOf('+', StringComparison.Ordinal) is >= 0 and var plus && version.Length > plus + 1 + HashLength
            ? version[..(plus + 1 + HashLength)] : version;
}
