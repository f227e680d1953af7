namespace LeadSync.ServiceDefaults.Bus;

/// <summary>
/// Publishes a message to all subscribers of its type: the bus in the services, a model of the broker in the simulation. Ends when the
/// broker has confirmed the message. Fails when the broker has not; even then the message may have arrived.
/// </summary>
/// <remarks>
/// The bus publishes, not a consumer's context: when a publish by the context fails, MassTransit fails the consumed message even after a
/// successful retry.
/// </remarks>
public delegate Task Publish(object message, CancellationToken ct);
