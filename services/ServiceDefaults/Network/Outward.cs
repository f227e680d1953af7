using System.Net;
using System.Net.Sockets;

namespace LeadSync.ServiceDefaults.Network;

/// <summary>Calls to other hosts, to the first of several addresses that answers. Only calls to hosts outside the customer's network go
/// through the environment's proxy.</summary>
public static class Outward
{
    // RFC 8305: the time after which the next address is tried as well.
    private static readonly TimeSpan HeadStart = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan InsidePatience = TimeSpan.FromSeconds(10);

    /// <summary>The environment's proxy. No proxy reaches a loopback address of this machine, so such an address needs no
    /// <c>NO_PROXY</c>.</summary>
    public static IWebProxy Proxy { get; } = new OutsideProxy(HttpClient.DefaultProxy);

    /// <summary>Lets only the calls of <see cref="Handler"/> use the environment's proxy (<c>HTTPS_PROXY</c>, <c>HTTP_PROXY</c>). Calls
    /// inside the network, to other services or a telemetry collector, are direct whatever <c>NO_PROXY</c> says.</summary>
    public static void KeepInside()
    {
        _ = Proxy;
        HttpClient.DefaultProxy = new WebProxy();
    }

    public static SocketsHttpHandler Handler() => new()
    {
        Proxy = Proxy,
        // A redirect would take credentials and leads to another host, and a login page is no acceptance.
        AllowAutoRedirect = false,
        ConnectCallback = Connect,
    };

    /// <summary>For calls to other services in the customer's network, which are direct.</summary>
    public static SocketsHttpHandler Inside() => new()
    {
        UseProxy = false,
        ConnectTimeout = InsidePatience,
        ConnectCallback = Connect,
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

    private static async ValueTask<Stream> Connect(SocketsHttpConnectionContext context, CancellationToken ct)
    {
        var addresses = await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, ct);
        return new NetworkStream(await Connect(addresses, context.DnsEndPoint.Port, ct), ownsSocket: true);
    }

    private sealed class OutsideProxy(IWebProxy environment) : IWebProxy
    {
        public ICredentials? Credentials
        {
            get => environment.Credentials;
            set => environment.Credentials = value;
        }

        public Uri? GetProxy(Uri destination) => IsBypassed(destination) ? null : environment.GetProxy(destination);

        public bool IsBypassed(Uri host) => host.IsLoopback || environment.IsBypassed(host);
    }
}
