namespace LeadSync.LocalStack.Chaos.Proxy;

/// <summary>One direction of a <see cref="TcpProxy"/>: open, or closed at once or after so many bytes. What comes to a closed gate waits.</summary>
internal sealed class Gate
{
    private readonly Lock sync = new();
    private TaskCompletionSource? opened;
    private TaskCompletionSource caught = New();
    private long left;

    /// <summary>Completes when something waits at the closed gate.</summary>
    public Task Caught
    {
        get
        {
            lock (sync)
                return caught.Task;
        }
    }

    /// <param name="afterBytes">What still passes.</param>
    public void Close(long afterBytes = 0)
    {
        lock (sync)
        {
            left = afterBytes;
            opened ??= New();
            if (caught.Task.IsCompleted)
                caught = New();
        }
    }

    public void Open()
    {
        lock (sync)
        {
            opened?.TrySetResult();
            opened = null;
        }
    }

    public async Task PassAsync(int bytes, CancellationToken cancellationToken)
    {
        while (WhatToWaitFor(bytes) is { } wait)
            await wait.WaitAsync(cancellationToken);
    }

    private Task? WhatToWaitFor(int bytes)
    {
        lock (sync)
        {
            if (opened is null)
                return null;
            if (left >= bytes)
            {
                left -= bytes;
                return null;
            }

            left = 0;
            caught.TrySetResult();
            return opened.Task;
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
