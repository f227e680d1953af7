namespace LeadSync.Simulation;

/// <summary>Runs the continuations of waits on the one thread, in the order in which the waits ended.</summary>
internal sealed class Continuations : SynchronizationContext
{
    private readonly Queue<(SendOrPostCallback Callback, object? State)> ready = [];
    private readonly int thread = Environment.CurrentManagedThreadId;

    public override void Post(SendOrPostCallback d, object? state)
    {
        if (Environment.CurrentManagedThreadId != thread)
            throw new InvalidOperationException(
                "Something of the services ran on another thread: the simulation is no longer determined by its seed.");

        ready.Enqueue((d, state));
    }

    public void Run()
    {
        while (ready.TryDequeue(out var next))
            next.Callback(next.State);
    }
}
