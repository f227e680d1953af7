namespace LeadSync.TestSupport.Network;

/// <summary>
/// One direction of a <see cref="TcpProxy"/>: open, or closed at once or after a number of bytes. Data waits at a closed gate.
/// </summary>
public sealed class Gate
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(5);

    private readonly Lock sync = new();
    private bool isClosed;
    private bool hasCaught;
    private long left;

    /// <summary>Whether data has arrived at the gate since it was closed.</summary>
    public bool HasCaught
    {
        get
        {
            lock (sync)
                return hasCaught;
        }
    }

    /// <param name="afterBytes">The number of bytes that still pass.</param>
    public void Close(long afterBytes = 0)
    {
        lock (sync)
        {
            isClosed = true;
            hasCaught = false;
            left = afterBytes;
        }
    }

    public void Open()
    {
        lock (sync)
            isClosed = false;
    }

    /// <summary>Waits until this number of bytes may pass.</summary>
    public async Task PassAsync(int bytes, CancellationToken cancellationToken)
    {
        while (!MayPass(bytes))
            await Task.Delay(BetweenLooks, TimeProvider.System, cancellationToken);
    }

    private bool MayPass(int bytes)
    {
        lock (sync)
        {
            if (!isClosed)
                return true;

            hasCaught |= bytes > left;
            left = hasCaught ? 0 : left - bytes;
            return !hasCaught;
        }
    }
}
