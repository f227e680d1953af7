using LeadSync.DevStack.Processes;

namespace LeadSync.DevStack.Infrastructure;

/// <param name="address"><c>amqp://user:password@host:port/vhost</c>.</param>
/// <param name="management">The management API, with user and password; null when its address is unknown.</param>
/// <param name="origin">The server's origin, in words.</param>
/// <param name="parts">Ends the server, if this program started it.</param>
public sealed class RabbitMqServer(Uri address, Uri? management, string origin, params IAsyncDisposable[] parts) : IAsyncDisposable
{
    public Uri Address { get; } = address;

    public Uri? Management { get; } = management;

    public string Origin { get; } = origin;

    public bool IsOurs => parts.Length > 0;

    /// <summary>The server's process, if this program started it.</summary>
    public ServerProcess? Process => parts.OfType<ServerProcess>().FirstOrDefault();

    /// <summary>The same server's address for another virtual host.</summary>
    public Uri AddressOf(string virtualHost) =>
        new UriBuilder(Address) { Path = Uri.EscapeDataString(virtualHost) }.Uri;

    /// <summary>Creates a virtual host, and gives the address's user all permissions in it.</summary>
    public async Task CreateVirtualHostAsync(string name, CancellationToken cancellationToken)
    {
        if (Management is not null)
        {
            using var api = new RabbitMqManagement(Management);
            await api.CreateVirtualHostAsync(name, cancellationToken);
        }
        else
        {
            await ControlAsync(["add_vhost", name], cancellationToken);
            await ControlAsync(["set_permissions", "-p", name, Address.UserInfo.Split(':')[0], ".*", ".*", ".*"], cancellationToken);
        }
    }

    public async Task DeleteVirtualHostAsync(string name, CancellationToken cancellationToken)
    {
        if (Management is not null)
        {
            using var api = new RabbitMqManagement(Management);
            await api.DeleteVirtualHostAsync(name, cancellationToken);
        }
        else
        {
            await ControlAsync(["delete_vhost", name], cancellationToken);
        }
    }

    /// <summary>Deletes every virtual host and every user whose name begins so.</summary>
    public async Task DeleteAllOfAsync(string prefix)
    {
        if (Management is not null)
        {
            using var api = new RabbitMqManagement(Management);
            await api.DeleteAllOfAsync(prefix);
            return;
        }

        foreach (var (list, delete) in new[] { ("list_vhosts", "delete_vhost"), ("list_users", "delete_user") })
        {
            var lines = await ControlAsync([list, "--silent"], CancellationToken.None);
            foreach (var name in lines.Split('\n').Select(line => line.Split('\t')[0])
                .Where(name => name.StartsWith(prefix, StringComparison.Ordinal)))
                await ControlAsync([delete, name], CancellationToken.None);
        }
    }

    public async Task<string> VersionAsync(CancellationToken cancellationToken)
    {
        if (Management is null)
            return $"of an unknown version: {GivenAddresses.RabbitMqManagementKey} is not set";

        using var api = new RabbitMqManagement(Management);
        return await api.VersionAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var part in parts)
            await part.DisposeAsync();
    }

    private async Task<string> ControlAsync(string[] arguments, CancellationToken cancellationToken)
    {
        if (!Address.IsLoopback || Executable.Find("rabbitmqctl") is not { } rabbitmqctl)
        {
            throw new DevStackException(
                $"Each test class needs a virtual host of its own: set {GivenAddresses.RabbitMqManagementKey} to RabbitMQ's "
                + "management API, for example http://user:password@localhost:15672/");
        }

        return await Executable.RunAsync(new(rabbitmqctl, arguments), cancellationToken);
    }
}
