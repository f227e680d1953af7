using LeadSync.DevStack.Services;
using LeadSync.TestSupport.Network;

namespace LeadSync.Chaos.Stage;

/// <summary>One process of a service, with its own proxies to the servers.</summary>
internal sealed class Replica(ServiceProcess process, TcpProxy broker, TcpProxy database) : IAsyncDisposable
{
    public ServiceProcess Process => process;

    public string Name => process.Name;

    public TcpProxy Broker => broker;

    public TcpProxy Database => database;

    /// <summary>Whether it should be running.</summary>
    public bool IsUp { get; private set; }

    public bool EndedByItself => IsUp && process.HasExited;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        IsUp = true;
        await process.StartAsync(cancellationToken);
    }

    /// <summary>Kills the process. Data that waits in its proxies is lost.</summary>
    public async Task KillAsync()
    {
        IsUp = false;
        await process.KillAsync();
        await broker.ResetAsync();
        await database.ResetAsync();
    }

    public async Task StopAsync()
    {
        IsUp = false;
        await process.StopAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await process.DisposeAsync();
        await broker.DisposeAsync();
        await database.DisposeAsync();
    }
}
