using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace LeadSync.ServiceDefaults.Access;

/// <summary>Which users own the two ends of a connection inside this machine, by Linux's list of sockets. A proxy that shows in nothing
/// that it sends still runs as a user of its own.</summary>
internal static class ConnectionOwners
{
    private const string Root = "0";
    private const string Established = "01";

    private static readonly string[] Files = ["/proc/net/tcp", "/proc/net/tcp6"];
    private static readonly object Key = new();

    /// <summary>Whether the service's own user, or root, opened the connection. Looked up once for each connection.</summary>
    /// <returns>False when Linux does not say.</returns>
    public static bool AreOurs(HttpContext context)
    {
        var connection = context.Connection;
        if (connection is not { LocalIpAddress: { } local, RemoteIpAddress: { } remote })
            return false;

        var known = context.Features.Get<IConnectionItemsFeature>()?.Items;
        if (known?.TryGetValue(Key, out var answer) is true)
            return answer is true;

        var areOurs = AreOurs(
            Files.Where(File.Exists).SelectMany(File.ReadLines), new(local, connection.LocalPort), new(remote, connection.RemotePort));
        if (known is not null)
            known[Key] = areOurs;
        return areOurs;
    }

    /// <param name="sockets">Lines of <c>/proc/net/tcp</c> and <c>/proc/net/tcp6</c>.</param>
    /// <param name="here">The end of the service.</param>
    /// <param name="there">The end of the caller.</param>
    public static bool AreOurs(IEnumerable<string> sockets, IPEndPoint here, IPEndPoint there)
    {
        // A program may use a socket for both versions of IP, whatever the program at the other end uses.
        var (ours, theirs) = (Texts(here), Texts(there));
        string? owner = null, caller = null;
        foreach (var line in sockets)
        {
            if (line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is not [_, var from, var to, var state, _, _, _, var user, ..])
                continue;
            if (ours.Contains(from) && theirs.Contains(to))
                owner = user;
            // Linux names root as the owner of a socket that its program has closed.
            else if (theirs.Contains(from) && ours.Contains(to) && state == Established)
                caller = user;
        }

        return owner is not null && (caller == owner || caller == Root);
    }

    private static string[] Texts(IPEndPoint end) => end.Address.AddressFamily == AddressFamily.InterNetwork
        ? [Text(end.Address, end.Port), Text(end.Address.MapToIPv6(), end.Port)]
        : end.Address.IsIPv4MappedToIPv6 ? Texts(new(end.Address.MapToIPv4(), end.Port)) : [Text(end.Address, end.Port)];

    private static string Text(IPAddress address, int port) =>
        string.Concat(address.GetAddressBytes().Chunk(sizeof(uint)).Select(word => $"{BitConverter.ToUInt32(word):X8}")) + $":{port:X4}";
}
