using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace LeadSync.TestSupport.Network;

public static class FreePort
{
    // Below the range from which Linux takes the ports of outgoing connections, so a free port stays free.
    private const int First = 20_000;
    private const int Last = 32_000;

    private static readonly ConcurrentBag<Socket> Taken = [];
    private static int next = new Random().Next(First, Last);

    /// <summary>
    /// A free port of the loopback interface. No other call gets the same port, neither in this process nor, while this process lives, in
    /// another on the machine, because a service may take many seconds until it listens.
    /// </summary>
    public static int Take()
    {
        while (true)
        {
            var port = First + Interlocked.Increment(ref next) % (Last - First);
            if (IsFree(port) && IsOurs(port))
                return port;
        }
    }

    /// <summary>Whether a process listens on the port.</summary>
    public static async Task<bool> AnswersAsync(int port, CancellationToken cancellationToken)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    // An abstract socket's name belongs to one process at a time, and the kernel frees it whenever the process ends.
    private static bool IsOurs(int port)
    {
        var claim = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            claim.Bind(new UnixDomainSocketEndPoint($"\0leadsync-port-{port}"));
            Taken.Add(claim);
            return true;
        }
        catch (SocketException)
        {
            claim.Dispose();
            return false;
        }
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
