using System.Collections.Concurrent;
using MassTransit;

namespace LeadSync.ServiceDefaults.Bus;

/// <summary>When this process last made progress with the messages of a queue, and how many it holds.</summary>
internal sealed class Progress(TimeProvider clock) : IReceiveObserver
{
    private readonly ConcurrentDictionary<string, QueueProgress> queues = new();

    /// <summary>The queues that this process reads.</summary>
    public IReadOnlyCollection<string> Queues => [.. queues.Keys];

    public QueueProgress Of(string queue) => queues.GetOrAdd(queue, _ => new QueueProgress(clock));

    /// <summary>An attempt at a message has begun or ended, with any result. A message that is retried does not hang.</summary>
    public void Made(Uri queue) => Of(Name(queue)).Made();

    public Task PreReceive(ReceiveContext context)
    {
        Of(Name(context.InputAddress)).Begin();
        return Task.CompletedTask;
    }

    // Called when the message has been acknowledged, or could not be.
    public Task PostReceive(ReceiveContext context)
    {
        Of(Name(context.InputAddress)).End();
        return Task.CompletedTask;
    }

    public Task ReceiveFault(ReceiveContext context, Exception exception)
    {
        Of(Name(context.InputAddress)).End();
        return Task.CompletedTask;
    }

    public Task PostConsume<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType)
        where T : class => Task.CompletedTask;

    public Task ConsumeFault<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType, Exception exception)
        where T : class => Task.CompletedTask;

    private static string Name(Uri queue) => queue.Segments[^1];
}

/// <summary>The progress of one queue.</summary>
internal sealed class QueueProgress(TimeProvider clock)
{
    private long madeAt = clock.GetTimestamp();
    private int atHand;

    public int AtHand => Volatile.Read(ref atHand);

    /// <summary>The time since the last progress.</summary>
    public TimeSpan Idle => clock.GetElapsedTime(Interlocked.Read(ref madeAt));

    public void Made() => Interlocked.Exchange(ref madeAt, clock.GetTimestamp());

    public void Begin()
    {
        Interlocked.Increment(ref atHand);
        Made();
    }

    public void End()
    {
        Interlocked.Decrement(ref atHand);
        Made();
    }
}

/// <summary>Records the begin and the end of each attempt at a message.</summary>
internal sealed class ProgressFilter<T>(Progress progress) : IFilter<ConsumeContext<T>>
    where T : class
{
    public async Task Send(ConsumeContext<T> context, IPipe<ConsumeContext<T>> next)
    {
        var queue = context.ReceiveContext.InputAddress;
        progress.Made(queue);
        try
        {
            await next.Send(context);
        }
        finally
        {
            progress.Made(queue);
        }
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("progress");
}
