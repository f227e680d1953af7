using System.Diagnostics;
using LeadSync.DevStack.Processes;
using LeadSync.TestSupport.Network;

namespace LeadSync.DevStack.Infrastructure;

/// <summary>
/// A RabbitMQ node with its management API, from the programs on this machine, alone or in a cluster.
/// </summary>
internal sealed class RabbitMqNode : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly RunDirectory run;
    private readonly string directory;
    private readonly string password;
    private readonly RabbitMqNode? peer;
    private readonly int portMapperPort;
    private ChildProcess? portMapper;

    /// <param name="name">The name of the node's directory and log.</param>
    /// <param name="peer">A node whose cluster the new node joins at its first start; null for a new cluster.</param>
    public RabbitMqNode(RunDirectory run, string name, RabbitMqNode? peer = null)
    {
        (this.run, this.peer) = (run, peer);
        directory = Path.Combine(run.Path, name);
        password = peer?.password ?? Credentials.NewPassword();
        var (port, managementPort) = (FreePort.Take(), FreePort.Take());
        Port = port;
        Name = $"leadsync-{port}@localhost";
        Address = new Uri($"amqp://{Credentials.User}:{password}@127.0.0.1:{port}/");
        Management = new Uri($"http://{Credentials.User}:{password}@127.0.0.1:{managementPort}/");
        portMapperPort = peer?.portMapperPort ?? FreePort.Take();
        Process = new ServerProcess(name, Command("rabbitmq-server"), run, Signal.Kill, WhyNotReadyAsync, Patience);
    }

    public static bool IsInstalled => Find("rabbitmq-server") is not null;

    /// <summary>The node's name in its cluster.</summary>
    public string Name { get; }

    public int Port { get; }

    public Uri Address { get; }

    public Uri Management { get; }

    public ServerProcess Process { get; }

    // Erlang nodes authenticate each other by the cookie in their home directory.
    private string Home => peer?.Home ?? directory;

    /// <summary>Starts the node for the first time.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await WriteConfigurationAsync(cancellationToken);
        // Otherwise Erlang starts a port mapper, which outlives the node and which all users of Erlang share.
        if (peer is null)
        {
            portMapper = ChildProcess.Start(
                $"epmd-{Path.GetFileName(directory)}", new("epmd", ["-port", $"{portMapperPort}", "-address", "127.0.0.1"]), run);
        }

        await Process.StartAsync(cancellationToken);
    }

    /// <summary>Runs one of RabbitMQ's own commands on this node.</summary>
    /// <param name="program">For instance <c>rabbitmqctl</c>.</param>
    public Task<string> ControlAsync(string program, IEnumerable<string> arguments, CancellationToken cancellationToken) =>
        Executable.RunAsync(Command(program, arguments), cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await Process.DisposeAsync();
        if (portMapper is not null)
            await portMapper.DisposeAsync();
    }

    // Debian's programs in /usr/sbin are wrappers that require the system's user and directories.
    private static string? Find(string program) =>
        Executable.Find(program, "/usr/lib/rabbitmq/bin", "/usr/lib/rabbitmq/lib/rabbitmq_server-*/sbin");

    private async Task WriteConfigurationAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(directory);
        await File.WriteAllTextAsync(Path.Combine(directory, "enabled_plugins"), "[rabbitmq_management].\n", cancellationToken);
        await File.WriteAllTextAsync(Path.Combine(directory, "rabbitmq.conf"), $"""
            listeners.tcp.1 = 127.0.0.1:{Port}
            management.tcp.ip = 127.0.0.1
            management.tcp.port = {Management.Port}
            default_user = {Credentials.User}
            default_pass = {password}
            {(peer is null ? "" : $"""
            cluster_formation.peer_discovery_backend = classic_config
            cluster_formation.classic_config.nodes.1 = {peer.Name}
            cluster_formation.classic_config.nodes.2 = {Name}
            """)}

            """, cancellationToken);
    }

    private ProcessStartInfo Command(string program, params IEnumerable<string> arguments) =>
        new(Find(program)!, arguments)
        {
            Environment =
            {
                ["HOME"] = Home,
                ["ERL_EPMD_PORT"] = $"{portMapperPort}",
                ["RABBITMQ_NODENAME"] = Name,
                ["RABBITMQ_DIST_PORT"] = $"{FreePort.Take()}",
                ["RABBITMQ_MNESIA_BASE"] = Path.Combine(directory, "data"),
                ["RABBITMQ_LOG_BASE"] = Path.Combine(directory, "log"),
                ["RABBITMQ_LOGS"] = "-",
                ["RABBITMQ_CONFIG_FILE"] = Path.Combine(directory, "rabbitmq.conf"),
                ["RABBITMQ_CONF_ENV_FILE"] = Path.Combine(directory, "rabbitmq-env.conf"),
                ["RABBITMQ_ENABLED_PLUGINS_FILE"] = Path.Combine(directory, "enabled_plugins"),
                // Only this machine may connect. Erlang's idle schedulers release their core at once.
                ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] =
                    "-kernel inet_dist_use_interface {127,0,0,1} +sbwt none +sbwtdcpu none +sbwtdio none",
            },
        };

    private async Task<string?> WhyNotReadyAsync(CancellationToken stop)
    {
        using var api = new RabbitMqManagement(Management);
        return await api.WhyNotReadyAsync(stop);
    }
}
