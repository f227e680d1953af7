using LeadSync.DevStack.Processes;

namespace LeadSync.DevStack.Infrastructure;

/// <summary>A private RabbitMQ from the programs on this machine.</summary>
internal static class InstalledRabbitMq
{
    public static async Task<RabbitMqServer> StartAsync(RunDirectory run, CancellationToken cancellationToken)
    {
        var node = new RabbitMqNode(run, "rabbitmq");
        await node.StartAsync(cancellationToken);
        return new RabbitMqServer(node.Address, node.Management, "of this machine", node.Process, node);
    }
}
