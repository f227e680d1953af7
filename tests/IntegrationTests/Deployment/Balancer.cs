using System.Net;
using System.Net.Sockets;
using LeadSync.TestSupport.Network;

namespace LeadSync.IntegrationTests.Deployment;

/// <summary>
/// Balances like a Kubernetes Service: each new connection goes to one of the listed servers. A withdrawn server keeps its
/// connections.
/// </summary>
internal sealed class Balancer : IAsyncDisposable
{
    private readonly CancellationTokenSource ending = new();
    private readonly TcpListener listener;
    private volatile int[] servers;
    private int next;

    public Balancer(params int[] servers)
    {
        this.servers = servers;
        Port = FreePort.Take();
        listener = new TcpListener(IPAddress.Loopback, Port);
        listener.Start();
        _ = AcceptAsync();
    }

    public int Port { get; }

    public void Withdraw(int server) => servers = [.. servers.Where(one => one != server)];

    public void List(int server) => servers = [.. servers, server];

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        listener.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await listener.AcceptSocketAsync(ending.Token));
        }
        catch (OperationCanceledException)
        {
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        using var ownClient = client;
        try
        {
            var listed = servers;
            await server.ConnectAsync(
                IPAddress.Loopback, listed[(int)((uint)Interlocked.Increment(ref next) % listed.Length)], ending.Token);
            client.NoDelay = server.NoDelay = true;
            await Task.WhenAll(PumpAsync(client, server), PumpAsync(server, client));
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            // The other side sees the connection end.
        }
    }

    // A side learns of the other's end only after it has received everything before.
    private async Task PumpAsync(Socket from, Socket to)
    {
        var buffer = new byte[32 * 1024];
        while (await from.ReceiveAsync(buffer, ending.Token) is > 0 and var read)
            await to.SendAsync(buffer.AsMemory(0, read), ending.Token);
        to.Shutdown(SocketShutdown.Send);
    }
}
