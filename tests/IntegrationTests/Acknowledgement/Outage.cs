using LeadSync.TestSupport.Network;

namespace LeadSync.IntegrationTests.Acknowledgement;

/// <summary>Kinds of a server's outage, as its client sees them.</summary>
public enum Outage
{
    /// <summary>Connections break, and new ones are refused: the server has ended.</summary>
    Refused,

    /// <summary>Connections break, and new ones get no answer: a firewall drops packets, or the machine is off.</summary>
    Unreachable,

    /// <summary>Connections stay, and no data arrives in either direction.</summary>
    Silent,

    /// <summary>Requests arrive, and no answer comes back.</summary>
    Unanswered,
}

internal static class Outages
{
    public static Task Begin(this TcpProxy proxy, Outage outage)
    {
        switch (outage)
        {
            case Outage.Refused:
                return proxy.RefuseAsync();
            case Outage.Unreachable:
                return proxy.DropAsync();
            case Outage.Silent:
                proxy.ToServer.Close();
                proxy.ToClient.Close();
                return Task.CompletedTask;
            default:
                proxy.ToClient.Close();
                return Task.CompletedTask;
        }
    }
}
