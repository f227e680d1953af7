using System.Net;
using System.Net.Sockets;

namespace LeadSync.ServiceDefaults.Network;

/// <summary>How a service reaches what is outside of its network: by the environment's proxy, and whichever of several addresses answers.</summary>
public static class Outward
{
    // RFC 8305: so long the first address is given before the next is tried beside it.
    private static readonly TimeSpan HeadStart = TimeSpan.FromMilliseconds(250);

    // Read before it is taken away from everything else.
    private static readonly IWebProxy Environment = HttpClient.DefaultProxy;

    /// <summary>Takes the environment's proxy (<c>HTTPS_PROXY</c>, <c>HTTP_PROXY</c>) away from all calls but those of <see cref="Handler"/>: what is inside
    /// (other services, a collector of telemetry) is reached directly, however <c>NO_PROXY</c> is written.</summary>
    public static void KeepInside()
    {
        _ = Environment;
        HttpClient.DefaultProxy = new WebProxy();
    }

    public static SocketsHttpHandler Handler() => new()
    {
        Proxy = Environment,
        ConnectCallback = async (context, ct) =>
            new NetworkStream(await Connect(await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, ct), context.DnsEndPoint.Port, ct), ownsSocket: true),
    };

    /// <summary>Connects to the first address that answers: one that drops what is sent to it, as an IPv6 address does where only IPv4 leads out, costs no
    /// time-out.</summary>
    /// <exception cref="SocketException">None of them can be connected to.</exception>
    public static async Task<Socket> Connect(IReadOnlyList<IPAddress> addresses, int port, CancellationToken ct)
    {
        if (addresses.Count == 0)
            throw new SocketException((int)SocketError.HostNotFound);

        using var found = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var (waiting, attempts) = (new Queue<IPAddress>(addresses), new List<Task<Socket>>());
        while (true)
        {
            if (waiting.TryDequeue(out var next))
                attempts.Add(Attempt(next));
            using var headStart = CancellationTokenSource.CreateLinkedTokenSource(ct);
            var pause = Task.Delay(waiting.Count > 0 ? HeadStart : Timeout.InfiniteTimeSpan, TimeProvider.System, headStart.Token);
            var first = await Task.WhenAny(attempts.Cast<Task>().Append(pause));
            await headStart.CancelAsync();
            if (first == pause)
            {
                await pause;
                continue;
            }

            var ended = (Task<Socket>)first;
            attempts.Remove(ended);
            if (ended.IsCompletedSuccessfully)
            {
                await found.CancelAsync();
                foreach (var late in attempts)
                    _ = late.ContinueWith(one => one.Result.Dispose(), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
                return await ended;
            }

            if (attempts.Count == 0 && waiting.Count == 0)
                return await ended;
        }

        async Task<Socket> Attempt(IPAddress address)
        {
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(address, port, found.Token);
                return socket;
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
    }
}
