namespace LeadSync.TestSupport.Network;

/// <summary>
/// One direction of a <see cref="TcpProxy"/>: open, or closed at once or after so many bytes. What comes to a closed gate waits.
/// </summary>
public sealed class Gate
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(5);

    private readonly Lock sync = new();
    private bool isClosed;
    private bool hasCaught;
    private long left;

    /// <summary>Whether something has come to the gate since it was closed.</summary>
    public bool HasCaught
    {
        get
        {
            lock (sync)
                return hasCaught;
        }
    }

    /// <param name="afterBytes">What still passes.</param>
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

    /// <summary>Waits until so many bytes may pass.</summary>
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
