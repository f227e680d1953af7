namespace LeadSync.ServiceDefaults.Bus;

/// <summary>
/// Publishes a message to everybody who subscribes to its type: the bus in the services, a model of the broker in the simulation. Ends when the broker has
/// confirmed the message; fails when it has not within 30 seconds, and the message may have arrived all the same.
/// </summary>
/// <remarks>
/// By the bus and not by a consumer's context: MassTransit fails a message, however well its retry went, for what its context could not publish before.
/// </remarks>
public delegate Task Publish(object message, CancellationToken ct);
