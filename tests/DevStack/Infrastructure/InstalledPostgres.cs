using System.Diagnostics;
using LeadSync.DevStack.Processes;
using LeadSync.TestSupport.Network;
using Npgsql;

namespace LeadSync.DevStack.Infrastructure;

/// <summary>A private PostgreSQL from the programs on this machine.</summary>
internal static class InstalledPostgres
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    public static bool IsInstalled => Find("postgres") is not null;

    /// <param name="name">The name of the server's directory and log.</param>
    /// <param name="settings">More of its settings, for instance <c>wal_level=logical</c>.</param>
    public static async Task<PostgresServer> StartAsync(
        RunDirectory run, bool durable, CancellationToken cancellationToken, string name = "postgres", params string[] settings)
    {
        var data = await DirectoryAsync(run, name, cancellationToken);
        var password = Credentials.NewPassword();
        await InitializeAsync(data, password, cancellationToken);

        var server = await RunAsync(run, name, password, durable, cancellationToken, settings);
        await server.CreateDatabaseAsync("leadsync", cancellationToken);
        return new PostgresServer(server.ConnectionStringOf("leadsync"), server.Origin, server.Process);
    }

    /// <summary>A hot standby, which follows another server of this kind.</summary>
    public static async Task<PostgresServer> StartStandbyAsync(
        RunDirectory run, PostgresServer primary, string name, CancellationToken cancellationToken)
    {
        var address = new NpgsqlConnectionStringBuilder(primary.ConnectionString);
        var copy = AsUnprivileged(
            Find("pg_basebackup")!,
            [
                "-h", address.Host!, "-p", $"{address.Port}", "-U", address.Username!,
                "-D", await DirectoryAsync(run, name, cancellationToken), "--write-recovery-conf", "--checkpoint=fast", "--no-sync",
            ]);
        copy.Environment["PGPASSWORD"] = address.Password;
        await Executable.RunAsync(copy, cancellationToken);
        var server = await RunAsync(run, name, address.Password!, durable: true, cancellationToken);
        return new PostgresServer(server.ConnectionStringOf(address.Database!), server.Origin, server.Process);
    }

    private static async Task<PostgresServer> RunAsync(
        RunDirectory run, string name, string password, bool durable, CancellationToken cancellationToken, params string[] settings)
    {
        var port = FreePort.Take();
        var command = AsUnprivileged(
            Find("postgres")!,
            ["-D", Path.Combine(run.Path, name), "-p", $"{port}", "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=",
                .. PostgresServer.Settings(durable), .. settings.SelectMany(setting => (string[])["-c", setting])]);
        var address = new NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1", Port = port, Username = Credentials.User, Password = password, Database = "postgres",
        };
        var server = new PostgresServer(address.ConnectionString, "of this machine");
        var process = new ServerProcess(name, command, run, Signal.Quit, server.WhyNotReadyAsync, Patience);
        await process.StartAsync(cancellationToken);
        return new PostgresServer(address.ConnectionString, server.Origin, process);
    }

    private static string? Find(string program) => Executable.Find(program, "/usr/lib/postgresql/*/bin");

    private static async Task<string> DirectoryAsync(RunDirectory run, string name, CancellationToken cancellationToken)
    {
        var data = Path.Combine(run.Path, name);
        string[] owner = Environment.IsPrivilegedProcess ? ["--owner=postgres"] : [];
        await Executable.RunAsync(new("install", ["--directory", "--mode=700", .. owner, data]), cancellationToken);
        return data;
    }

    private static async Task InitializeAsync(string data, string password, CancellationToken cancellationToken)
    {
        var passwordFile = data + ".password";
        await File.WriteAllTextAsync(passwordFile, password, cancellationToken);
        if (Environment.IsPrivilegedProcess)
            await Executable.RunAsync(new("chown", ["postgres", passwordFile]), cancellationToken);

        await Executable.RunAsync(
            AsUnprivileged(
                Find("initdb")!,
                [
                    "-D", data, "-U", Credentials.User, $"--pwfile={passwordFile}", "-A", "scram-sha-256", "-E", "UTF8", "--locale=C.UTF-8",
                    "--no-sync"
                ]),
            cancellationToken);
        File.Delete(passwordFile);
    }

    // PostgreSQL refuses to run as root. Another user may not reach the repository, for instance below /root. One capability lets
    // PostgreSQL pass, without opening a directory to others.
    private static ProcessStartInfo AsUnprivileged(string program, IEnumerable<string> arguments) =>
        Environment.IsPrivilegedProcess
            ? new(
                "setpriv",
                [
                    "--reuid=postgres", "--regid=postgres", "--init-groups", "--inh-caps=+dac_override", "--ambient-caps=+dac_override",
                    program, .. arguments
                ])
            : new(program, arguments);
}
