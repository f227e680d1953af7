using System.Diagnostics;
using LeadSync.DevStack.Processes;
using LeadSync.TestSupport.Network;

namespace LeadSync.DevStack.Infrastructure;

/// <summary>A private RabbitMQ, with its management API, from the programs that are installed on this machine.</summary>
internal static class InstalledRabbitMq
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    public static bool IsInstalled => FindServer() is not null;

    public static async Task<RabbitMqServer> StartAsync(RunDirectory run, CancellationToken cancellationToken)
    {
        var directory = Path.Combine(run.Path, "rabbitmq");
        var (port, managementPort, portMapper) = (FreePort.Take(), FreePort.Take(), FreePort.Take());
        var password = Credentials.NewPassword();
        await WriteConfigurationAsync(directory, port, managementPort, password, cancellationToken);

        // Erlang would start a port mapper of its own accord, which outlives it and which all its users share.
        var erlangPortMapper = ChildProcess.Start("epmd", new("epmd", ["-port", $"{portMapper}", "-address", "127.0.0.1"]), run);
        var management = new Uri($"http://{Credentials.User}:{password}@127.0.0.1:{managementPort}/");
        var process = new ServerProcess("rabbitmq", ServerCommand(directory, port, portMapper), run, Signal.Kill, WhyNotReadyAsync, Patience);
        await process.StartAsync(cancellationToken);

        return new RabbitMqServer(
            new Uri($"amqp://{Credentials.User}:{password}@127.0.0.1:{port}/"), management, "installed on this machine", process, erlangPortMapper);

        async Task<string?> WhyNotReadyAsync(CancellationToken stop)
        {
            using var api = new RabbitMqManagement(management);
            return await api.WhyNotReadyAsync(stop);
        }
    }

    // Debian's /usr/sbin/rabbitmq-server is a wrapper that insists on the system's own user and directories.
    private static string? FindServer() =>
        Executable.Find("rabbitmq-server", "/usr/lib/rabbitmq/bin", "/usr/lib/rabbitmq/lib/rabbitmq_server-*/sbin");

    private static async Task WriteConfigurationAsync(string directory, int port, int managementPort, string password, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(directory);
        await File.WriteAllTextAsync(Path.Combine(directory, "enabled_plugins"), "[rabbitmq_management].\n", cancellationToken);
        await File.WriteAllTextAsync(Path.Combine(directory, "rabbitmq.conf"), $"""
            listeners.tcp.1 = 127.0.0.1:{port}
            management.tcp.ip = 127.0.0.1
            management.tcp.port = {managementPort}
            default_user = {Credentials.User}
            default_pass = {password}

            """, cancellationToken);
    }

    private static ProcessStartInfo ServerCommand(string directory, int port, int portMapper) =>
        new(FindServer()!)
        {
            Environment =
            {
                ["HOME"] = directory,
                ["ERL_EPMD_PORT"] = $"{portMapper}",
                ["RABBITMQ_NODENAME"] = $"leadsync-{port}@localhost",
                ["RABBITMQ_DIST_PORT"] = $"{FreePort.Take()}",
                ["RABBITMQ_MNESIA_BASE"] = Path.Combine(directory, "data"),
                ["RABBITMQ_LOG_BASE"] = Path.Combine(directory, "log"),
                ["RABBITMQ_LOGS"] = "-",
                ["RABBITMQ_CONFIG_FILE"] = Path.Combine(directory, "rabbitmq.conf"),
                ["RABBITMQ_CONF_ENV_FILE"] = Path.Combine(directory, "rabbitmq-env.conf"),
                ["RABBITMQ_ENABLED_PLUGINS_FILE"] = Path.Combine(directory, "enabled_plugins"),
                // Only this machine may connect; an idle scheduler gives its core to others at once.
                ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "-kernel inet_dist_use_interface {127,0,0,1} +sbwt none +sbwtdcpu none +sbwtdio none",
            },
        };
}
