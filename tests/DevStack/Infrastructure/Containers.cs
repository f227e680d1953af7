using Docker.DotNet.Models;
using DotNet.Testcontainers.Builders;
using DotNet.Testcontainers.Configurations;
using DotNet.Testcontainers.Containers;
using LeadSync.DevStack.Processes;
using Microsoft.Extensions.Logging.Abstractions;
using Testcontainers.PostgreSql;
using Testcontainers.RabbitMq;

namespace LeadSync.DevStack.Infrastructure;

/// <summary>Servers in containers of a running Docker engine.</summary>
internal static class Containers
{
    private const string RepositoryLabel = "leadsync.repository";
    private const string RunLabel = "leadsync.run";
    private const string Origin = "in a container";
    private const ushort ManagementPort = 15672;

    static Containers()
    {
        // Testcontainers' reaper is an additional image, which is not available everywhere. Labels replace it.
        TestcontainersSettings.ResourceReaperEnabled = false;
    }

    public static bool EngineRuns => TestcontainersSettings.OS.DockerEndpointAuthConfig is not null;

    public static async Task<PostgresServer> StartPostgresAsync(RunDirectory run, bool durable, CancellationToken cancellationToken)
    {
        var container = Ours(new PostgreSqlBuilder("postgres:17"), run)
            .WithDatabase("leadsync").WithUsername(Credentials.User).WithPassword(Credentials.NewPassword())
            .WithCommand(PostgresServer.Settings(durable))
            .Build();
        await StartAsync(container, cancellationToken);
        return new PostgresServer(container.GetConnectionString(), Origin, container);
    }

    public static async Task<RabbitMqServer> StartRabbitMqAsync(RunDirectory run, CancellationToken cancellationToken)
    {
        var container = Ours(new RabbitMqBuilder("rabbitmq:4-management"), run)
            .WithUsername(Credentials.User).WithPassword(Credentials.NewPassword())
            .WithPortBinding(ManagementPort, assignRandomHostPort: true)
            .Build();
        await StartAsync(container, cancellationToken);

        var address = new Uri(container.GetConnectionString());
        var management = new UriBuilder(address) { Scheme = "http", Port = container.GetMappedPublicPort(ManagementPort), Path = "/" };
        return new RabbitMqServer(address, management.Uri, Origin, container);
    }

    /// <summary>Removes the containers of killed runs of this repository.</summary>
    public static async Task RemoveLeftoversAsync(CancellationToken cancellationToken)
    {
        using var docker = TestcontainersSettings.OS.DockerEndpointAuthConfig.GetDockerClientBuilder().Build();
        var filters = new Dictionary<string, IDictionary<string, bool>>
        {
            ["label"] = new Dictionary<string, bool> { [$"{RepositoryLabel}={Repository.Root}"] = true },
        };
        var containers = await docker.Containers.ListContainersAsync(
            new ContainersListParameters { All = true, Filters = filters }, cancellationToken);
        foreach (var container in containers.Where(container => !RunDirectory.IsOfLivingProcess(container.Labels[RunLabel])))
            await docker.Containers.RemoveContainerAsync(
                container.ID, new ContainerRemoveParameters { Force = true, RemoveVolumes = true }, cancellationToken);
    }

    /// <summary>Labels a container with its run, so that it can be removed after the run is killed.</summary>
    public static TBuilder Ours<TBuilder, TContainer, TConfiguration>(
        ContainerBuilder<TBuilder, TContainer, TConfiguration> builder, RunDirectory run)
        where TBuilder : ContainerBuilder<TBuilder, TContainer, TConfiguration>
        where TContainer : IContainer
        where TConfiguration : IContainerConfiguration =>
        builder.WithLabel(RepositoryLabel, Repository.Root).WithLabel(RunLabel, run.Name).WithLogger(NullLogger.Instance);

    /// <summary>Starts a container, and removes it when the start fails.</summary>
    public static async Task StartAsync(IContainer container, CancellationToken cancellationToken)
    {
        try
        {
            await container.StartAsync(cancellationToken);
        }
        catch
        {
            await container.DisposeAsync();
            throw;
        }
    }
}
