using System.Net;
using System.Net.Sockets;

namespace LeadSync.ServiceDefaults.Network;

/// <summary>Calls to hosts outside the customer's network: through the environment's proxy, to the first of several addresses that
/// answers.</summary>
public static class Outward
{
    // RFC 8305: the time after which the next address is tried as well.
    private static readonly TimeSpan HeadStart = TimeSpan.FromMilliseconds(250);

    private static readonly IWebProxy FromEnvironment = HttpClient.DefaultProxy;

    /// <summary>Lets only the calls of <see cref="Handler"/> use the environment's proxy (<c>HTTPS_PROXY</c>, <c>HTTP_PROXY</c>). Calls
    /// inside the network, to other services or a telemetry collector, are direct whatever <c>NO_PROXY</c> says.</summary>
    public static void KeepInside()
    {
        _ = FromEnvironment;
        HttpClient.DefaultProxy = new WebProxy();
    }

    public static SocketsHttpHandler Handler() => new()
    {
        Proxy = FromEnvironment,
        // A redirect would take credentials and leads to another host, and a login page is no acceptance.
        AllowAutoRedirect = false,
        ConnectCallback = async (context, ct) =>
        {
            var addresses = await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, ct);
            return new NetworkStream(await Connect(addresses, context.DnsEndPoint.Port, ct), ownsSocket: true);
        },
    };

    /// <summary>Connects to the first address that answers. An address that drops all packets, such as an IPv6 address in a network
    /// without a route for IPv6, costs no timeout.</summary>
    /// <exception cref="SocketException">No address can be connected to.</exception>
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
                {
                    _ = late.ContinueWith(
                        one => one.Result.Dispose(),
                        CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
                }

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
