using LeadSync.TestSupport.Network;

namespace LeadSync.IntegrationTests.Acknowledgement;

/// <summary>How a server is away, as its client sees it.</summary>
public enum Outage
{
    /// <summary>Connections break, and attempts at new ones are refused: the server has ended.</summary>
    Refused,

    /// <summary>Connections break, and nobody answers attempts at new ones: a firewall drops them, or the machine is gone.</summary>
    Unreachable,

    /// <summary>Connections stay, and what is sent through them arrives nowhere, in neither direction.</summary>
    Silent,

    /// <summary>What is sent arrives, and no answer comes back.</summary>
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
