namespace LeadSync.LocalStack.Infrastructure;

/// <param name="address"><c>amqp://user:password@host:port/vhost</c>.</param>
/// <param name="management">The management API, user and password included; null when nothing is known of one.</param>
/// <param name="origin">Where the server comes from, for people.</param>
/// <param name="parts">What ends the server, if it is ours to end.</param>
public sealed class RabbitMqServer(Uri address, Uri? management, string origin, params IAsyncDisposable[] parts) : IAsyncDisposable
{
    public Uri Address { get; } = address;

    public Uri? Management { get; } = management;

    public string Origin { get; } = origin;

    /// <summary>The same server's address for another virtual host.</summary>
    public Uri AddressOf(string virtualHost) =>
        new UriBuilder(Address) { Path = Uri.EscapeDataString(virtualHost) }.Uri;

    public async ValueTask DisposeAsync()
    {
        foreach (var part in parts)
            await part.DisposeAsync();
    }
}
