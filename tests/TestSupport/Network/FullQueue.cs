using System.Net;
using System.Net.Sockets;

namespace LeadSync.TestSupport.Network;

/// <summary>
/// A port whose queue of pending connections is full: Linux drops every packet that would open another connection.
/// </summary>
internal sealed class FullQueue : IDisposable
{
    private const int MostWaiting = 16;

    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(200);

    private readonly Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly List<Socket> waiting = [];

    private FullQueue(int port)
    {
        listener.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
        listener.Listen(backlog: 0);
    }

    public static async Task<FullQueue> FillAsync(int port)
    {
        var queue = new FullQueue(port);
        while (queue.waiting.Count < MostWaiting && await queue.TakesAsync(port))
        {
            // The queue may be full at the next connection.
        }

        return queue;
    }

    public void Dispose()
    {
        listener.Dispose();
        waiting.ForEach(socket => socket.Dispose());
    }

    private async Task<bool> TakesAsync(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        waiting.Add(socket);
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, port, patience.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
