using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace LeadSync.TestSupport.Network;

/// <summary>
/// A proxy between clients and a server, which can hold the traffic in either direction and cut all connections. With several servers, each
/// connection goes to the next one that listens.
/// </summary>
public sealed class TcpProxy : IAsyncDisposable
{
    private const int BufferSize = 32 * 1024;

    private readonly CancellationTokenSource ending = new();
    private readonly ConcurrentDictionary<CancellationTokenSource, bool> connections = new();
    private TcpListener listener;
    private bool isListening = true;
    private FullQueue? dropping;
    private readonly IPAddress at;
    private readonly int[] servers;
    private int next;

    public TcpProxy(params int[] servers)
        : this(IPAddress.Loopback, servers)
    {
    }

    private TcpProxy(IPAddress at, int[] servers)
    {
        (this.at, this.servers) = (at, servers);
        Port = FreePort.Take();
        listener = Listen(Port);
        _ = AcceptAsync();
    }

    /// <summary>Clients reach the server by IPv6.</summary>
    public static TcpProxy OverIpv6(int server) => new(IPAddress.IPv6Loopback, [server]);

    public int Port { get; }

    public Gate ToServer { get; } = new();

    public Gate ToClient { get; } = new();

    /// <summary>Cuts every connection, and loses data that waits at a gate. Accepts new connections.</summary>
    public async Task CutAsync()
    {
        foreach (var (connection, _) in connections)
        {
            try
            {
                await connection.CancelAsync();
            }
            catch (ObjectDisposedException)
            {
                // The connection ended just now.
            }
        }
    }

    /// <summary>Behaves like a server that has ended: cuts every connection, and refuses new ones until <see cref="ResetAsync"/>.</summary>
    public async Task RefuseAsync()
    {
        listener.Dispose();
        isListening = false;
        await CutAsync();
    }

    /// <summary>Behaves like a firewall or a broken route: cuts every connection, and drops the packets that open new ones (SYN).
    /// Clients get neither an answer nor a refusal until <see cref="ResetAsync"/>.</summary>
    public async Task DropAsync()
    {
        await RefuseAsync();
        dropping ??= await FullQueue.FillAsync(Port);
    }

    /// <summary>Cuts every connection, and forwards new ones again.</summary>
    public async Task ResetAsync()
    {
        dropping?.Dispose();
        dropping = null;
        if (!isListening)
        {
            listener = Listen(Port);
            isListening = true;
            _ = AcceptAsync();
        }

        await CutAsync();
        ToServer.Open();
        ToClient.Open();
    }

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        listener.Dispose();
        dropping?.Dispose();
        await CutAsync();
    }

    private TcpListener Listen(int port)
    {
        var listening = new TcpListener(at, port);
        listening.Start();
        return listening;
    }

    private async Task AcceptAsync()
    {
        var accepting = listener;
        try
        {
            while (true)
                _ = ConnectAsync(await accepting.AcceptSocketAsync(ending.Token));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task ConnectAsync(Socket client)
    {
        using var cut = CancellationTokenSource.CreateLinkedTokenSource(ending.Token);
        using var ownClient = client;
        connections[cut] = true;
        try
        {
            using var server = await ReachAsync(cut.Token);
            client.NoDelay = server.NoDelay = true;
            var pumps = new[] { PumpAsync(client, server, ToServer, cut.Token), PumpAsync(server, client, ToClient, cut.Token) };
            await Task.WhenAny(pumps);
            await cut.CancelAsync();
            await Task.WhenAll(pumps).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            // No server listens, so the client sees what it would see without the proxy.
        }
        finally
        {
            connections.TryRemove(cut, out _);
            client.LingerState = new LingerOption(true, 0);
        }
    }

    private async Task<Socket> ReachAsync(CancellationToken cancellationToken)
    {
        var first = Interlocked.Increment(ref next);
        for (var tried = 0; ; tried++)
        {
            var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await server.ConnectAsync(IPAddress.Loopback, servers[(first + tried) % servers.Length], cancellationToken);
                return server;
            }
            catch (Exception e)
            {
                server.Dispose();
                if (e is not SocketException || tried + 1 == servers.Length)
                    throw;
            }
        }
    }

    private static async Task PumpAsync(Socket from, Socket to, Gate gate, CancellationToken cut)
    {
        var buffer = new byte[BufferSize];
        while (await from.ReceiveAsync(buffer, cut) is > 0 and var read)
        {
            await gate.PassAsync(read, cut);
            await to.SendAsync(buffer.AsMemory(0, read), cut);
        }
    }
}
