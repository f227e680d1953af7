using System.Net;
using System.Net.Sockets;
using LeadSync.ServiceDefaults.Access;

namespace LeadSync.UnitTests.ServiceDefaults.Access;

public sealed class ConnectionOwnersTests
{
    private const string Header = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode";

    private static readonly IPEndPoint Service = IPEndPoint.Parse("127.0.0.1:8082");
    private static readonly IPEndPoint Caller = IPEndPoint.Parse("127.0.0.1:45000");

    [Theory]
    [InlineData(1000, true, "the same user")]
    [InlineData(0, true, "root")]
    [InlineData(33, false, "www-data, as which nginx works")]
    public void the_owner_of_the_other_end_decides(int user, bool areOurs, string who) =>
        ConnectionOwners.AreOurs([Header, Socket("0100007F:1F92", "0100007F:AFC8", 1000), Socket("0100007F:AFC8", "0100007F:1F92", user)],
            Service, Caller).ShouldBe(areOurs, who);

    [Fact]
    public void a_connection_that_the_caller_has_closed_has_no_owner()
    {
        string[] sockets = [Socket("0100007F:1F92", "0100007F:AFC8", 1000), Socket("0100007F:AFC8", "0100007F:1F92", 0, state: "05")];
        ConnectionOwners.AreOurs(sockets, Service, Caller).ShouldBeFalse("Linux says root, whoever it was");
    }

    [Fact]
    public void what_linux_does_not_list_is_not_trusted()
    {
        ConnectionOwners.AreOurs([], Service, Caller).ShouldBeFalse();
        ConnectionOwners.AreOurs([Header, Socket("0100007F:1F92", "0100007F:AFC8", 1000)], Service, Caller).ShouldBeFalse();
        ConnectionOwners.AreOurs([Socket("0100007F:AFC8", "0100007F:1F92", 0)], Service, Caller).ShouldBeFalse();
    }

    [Theory]
    [InlineData("127.0.0.1", false)]
    [InlineData("::1", false)]
    [InlineData("127.0.0.1", true)]
    public async Task a_connection_of_this_process_is_its_own(string address, bool hasSocketForBothVersions)
    {
        using var listener = new TcpListener(IPAddress.Parse(address), 0);
        listener.Start();
        using var client = hasSocketForBothVersions
            ? new Socket(SocketType.Stream, ProtocolType.Tcp)
            : new Socket(IPAddress.Parse(address).AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync((IPEndPoint)listener.LocalEndpoint, TestContext.Current.CancellationToken);
        using var server = await listener.AcceptSocketAsync(TestContext.Current.CancellationToken);

        string[] sockets = [.. File.ReadLines("/proc/net/tcp"), .. File.ReadLines("/proc/net/tcp6")];
        ConnectionOwners.AreOurs(sockets, (IPEndPoint)server.LocalEndPoint!, (IPEndPoint)server.RemoteEndPoint!).ShouldBeTrue();
    }

    private static string Socket(string from, string to, int user, string state = "01") =>
        $"   7: {from} {to} {state} 00000000:00000000 00:00000000 00000000 {user,5}        0 1151 1 000000004d66a884 100 0 0 10 0";
}
