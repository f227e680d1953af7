namespace LeadSync.ZohoSimulator.BulkRead;

/// <summary>Forwards a zip, and can lose its end or corrupt its checksums.</summary>
internal sealed class DamagedStream(Stream output) : Stream
{
    private readonly MemoryStream held = new();
    private bool spoils;
    private bool swallows;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public void SwallowTheRest() => swallows = true;

    /// <summary>Holds all further bytes until <see cref="FinishAsync"/>, because the checksums come last.</summary>
    public void SpoilChecksums() => spoils = true;

    public async Task FinishAsync(CancellationToken stop)
    {
        if (spoils)
        {
            var tail = held.GetBuffer().AsSpan(0, (int)held.Length);
            tail[tail.LastIndexOf("PK\x07\x08"u8) + 4] ^= 0xFF;
            tail[tail.LastIndexOf("PK\x01\x02"u8) + 16] ^= 0xFF;
        }

        await DrainAsync(stop);
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        held.Write(buffer.Span);
        if (!spoils)
            await DrainAsync(cancellationToken);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    // A zip's entry closes synchronously, which Kestrel forbids. So these bytes are sent with the next asynchronous write.
    public override void Write(byte[] buffer, int offset, int count) => held.Write(buffer, offset, count);

    public override Task FlushAsync(CancellationToken cancellationToken) => output.FlushAsync(cancellationToken);

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private async ValueTask DrainAsync(CancellationToken stop)
    {
        if (!swallows)
            await output.WriteAsync(held.GetBuffer().AsMemory(0, (int)held.Length), stop);
        held.SetLength(0);
    }
}
