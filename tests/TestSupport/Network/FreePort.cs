using System.Net;
using System.Net.Sockets;

namespace LeadSync.TestSupport.Network;

public static class FreePort
{
    // Below the range from which Linux takes the ports of outgoing connections: what is free now stays free.
    private const int First = 20_000;
    private const int Last = 32_000;

    private static int next = new Random().Next(First, Last);

    /// <summary>A port of the loopback interface that nothing listens on; never the same twice in one process.</summary>
    public static int Take()
    {
        while (true)
        {
            var port = First + Interlocked.Increment(ref next) % (Last - First);
            if (IsFree(port))
                return port;
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
