using System.Runtime.InteropServices;
using Docker.DotNet;
using LeadSync.DevStack.Processes;

namespace LeadSync.DevStack.Infrastructure;

/// <summary>
/// A PostgreSQL and a RabbitMQ: those that environment variables name, or containers where a Docker engine runs, or private servers from
/// installed programs. On Debian as root, missing programs are installed first.
/// </summary>
public sealed class LocalInfrastructure : IAsyncDisposable
{
    private LocalInfrastructure(PostgresServer postgres, RabbitMqServer rabbitMq)
    {
        Postgres = postgres;
        RabbitMq = rabbitMq;
    }

    public PostgresServer Postgres { get; }

    public RabbitMqServer RabbitMq { get; }

    /// <param name="run">The directory for the files of started servers.</param>
    /// <param name="durable">Whether PostgreSQL has to survive a power cut. Tests are faster without.</param>
    /// <param name="report">Gets a few words about everything that takes long or is unexpected.</param>
    /// <exception cref="DevStackException">No server can be started; the message says what to install.</exception>
    public static async Task<LocalInfrastructure> StartAsync(
        RunDirectory run, bool durable, Action<string> report, CancellationToken cancellationToken)
    {
        if (GivenAddresses.AreComplete)
            return new LocalInfrastructure(GivenAddresses.Postgres!, GivenAddresses.RabbitMq!);

        if (Containers.EngineRuns)
        {
            try
            {
                await Containers.RemoveLeftoversAsync(cancellationToken);
                return await StartMissingAsync(
                    () => Containers.StartPostgresAsync(run, durable, cancellationToken),
                    () => Containers.StartRabbitMqAsync(run, cancellationToken));
            }
            catch (DockerApiException e)
            {
                report($"Docker runs, but cannot start the servers; taking installed ones. ({e.Message.ReplaceLineEndings(" ").Trim()})");
            }
        }

        await InstallMissingAsync(GivenAddresses.Postgres is null, GivenAddresses.RabbitMq is null, report);
        return await StartMissingAsync(
            () => InstalledPostgres.StartAsync(run, durable, cancellationToken),
            () => InstalledRabbitMq.StartAsync(run, cancellationToken));
    }

    /// <summary>
    /// Starts private servers as processes on this machine, even if others exist, so that a test can kill and pause them. Committed and
    /// confirmed data survives that.
    /// </summary>
    /// <exception cref="MissingProgramException">The programs are not installed; the message says what to install.</exception>
    public static async Task<LocalInfrastructure> StartOwnAsync(
        RunDirectory run, Action<string> report, CancellationToken cancellationToken)
    {
        await InstallMissingAsync(postgres: true, rabbitMq: true, report);
        return await StartAsync(
            () => InstalledPostgres.StartAsync(run, durable: true, cancellationToken),
            () => InstalledRabbitMq.StartAsync(run, cancellationToken));
    }

    /// <summary>Environment variables by which another program finds the same servers.</summary>
    public IReadOnlyDictionary<string, string> ToEnvironment() => new Dictionary<string, string>
    {
        [GivenAddresses.PostgresKey] = Postgres.ConnectionString,
        [GivenAddresses.RabbitMqKey] = $"{RabbitMq.Address}",
        [GivenAddresses.RabbitMqManagementKey] = $"{RabbitMq.Management}",
    };

    /// <summary>Names the servers in one line.</summary>
    public async Task<string> DescribeAsync(CancellationToken cancellationToken) =>
        $"{RuntimeInformation.FrameworkDescription}, PostgreSQL {await Postgres.VersionAsync(cancellationToken)} ({Postgres.Origin}), "
        + $"RabbitMQ {await RabbitMq.VersionAsync(cancellationToken)} ({RabbitMq.Origin})";

    /// <summary>Removes every database, role, virtual host and user whose name begins with the prefix.</summary>
    public async Task RemoveAllOfAsync(string prefix)
    {
        await RabbitMq.DeleteAllOfAsync(prefix);
        await Postgres.DropAllOfAsync(prefix);
    }

    public async ValueTask DisposeAsync()
    {
        await Postgres.DisposeAsync();
        await RabbitMq.DisposeAsync();
    }

    private static Task<LocalInfrastructure> StartMissingAsync(
        Func<Task<PostgresServer>> startPostgres, Func<Task<RabbitMqServer>> startRabbitMq) =>
        StartAsync(
            GivenAddresses.Postgres is { } givenPostgres ? () => Task.FromResult(givenPostgres) : startPostgres,
            GivenAddresses.RabbitMq is { } givenRabbitMq ? () => Task.FromResult(givenRabbitMq) : startRabbitMq);

    private static async Task<LocalInfrastructure> StartAsync(
        Func<Task<PostgresServer>> startPostgres, Func<Task<RabbitMqServer>> startRabbitMq)
    {
        var (postgres, rabbitMq) = (startPostgres(), startRabbitMq());
        try
        {
            await Task.WhenAll(postgres, rabbitMq);
            return new LocalInfrastructure(await postgres, await rabbitMq);
        }
        catch
        {
            if (postgres.IsCompletedSuccessfully)
                await (await postgres).DisposeAsync();
            if (rabbitMq.IsCompletedSuccessfully)
                await (await rabbitMq).DisposeAsync();
            throw;
        }
    }

    private static async Task InstallMissingAsync(bool postgres, bool rabbitMq, Action<string> report)
    {
        List<string> missing = [];
        if (postgres && !InstalledPostgres.IsInstalled)
            missing.Add("postgresql");
        if (rabbitMq && !RabbitMqNode.IsInstalled)
            missing.Add("rabbitmq-server");
        if (missing.Count > 0)
        {
            await DebianPackages.InstallAsync(missing, report,
                $"LeadSync needs PostgreSQL and RabbitMQ: start Docker, or install them (on Debian as root: apt-get install "
                    + $"{string.Join(' ', missing)}), "
                + $"or set {GivenAddresses.PostgresKey} and {GivenAddresses.RabbitMqKey}.");
        }
    }
}
