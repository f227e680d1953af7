using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace LeadSync.TestSupport.Network;

/// <summary>
/// Stands between clients and a server, and can halt what flows in either direction or cut all connections. With several servers, each
/// connection goes to the next one that listens.
/// </summary>
public sealed class TcpProxy : IAsyncDisposable
{
    private const int BufferSize = 32 * 1024;

    private readonly CancellationTokenSource ending = new();
    private readonly ConcurrentDictionary<CancellationTokenSource, bool> connections = new();
    private readonly TcpListener listener;
    private readonly List<Socket> deaf = [];
    private readonly int[] servers;
    private int next;

    public TcpProxy(params int[] servers)
    {
        this.servers = servers;
        Port = FreePort.Take();
        listener = new TcpListener(IPAddress.Loopback, Port);
        listener.Start();
        _ = AcceptAsync();
    }

    public int Port { get; }

    public Gate ToServer { get; } = new();

    public Gate ToClient { get; } = new();

    /// <summary>Cuts every connection; what waited at a gate is lost. New ones are accepted.</summary>
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
                // It ended just now.
            }
        }
    }

    /// <summary>As if the server had ended: cuts every connection, and refuses new ones until <see cref="ResetAsync"/>.</summary>
    public async Task RefuseAsync()
    {
        listener.Stop();
        await CutAsync();
    }

    /// <summary>
    /// As if the server's machine were gone: cuts every connection, and leaves attempts at new ones without an answer until <see cref="ResetAsync"/>.
    /// </summary>
    public async Task IgnoreAsync()
    {
        await RefuseAsync();
        // The kernel drops further attempts while a queue is full that nobody accepts from. This one has room for a single connection.
        var queue = NewSocket();
        deaf.Add(queue);
        queue.Bind(new IPEndPoint(IPAddress.Loopback, Port));
        queue.Listen(0);
        var filling = NewSocket();
        deaf.Add(filling);
        await filling.ConnectAsync(IPAddress.Loopback, Port);
    }

    /// <summary>Cuts every connection, and lets the next ones through.</summary>
    public async Task ResetAsync()
    {
        await CutAsync();
        ToServer.Open();
        ToClient.Open();
        deaf.ForEach(socket => socket.Dispose());
        deaf.Clear();
        if (listener.Server.IsBound)
            return;

        listener.Start();
        _ = AcceptAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        deaf.ForEach(socket => socket.Dispose());
        listener.Dispose();
        await CutAsync();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ConnectAsync(await listener.AcceptSocketAsync(ending.Token));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // It ends, or accepts none for a while.
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
            // Nobody listens: for the client it is as if it had asked the server itself.
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
            var server = NewSocket();
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

    private static Socket NewSocket() => new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

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
