using System.IO.Hashing;

namespace LeadSync.Projector.BulkPages;

/// <summary>
/// Reads a zip's entry and, at its end, compares the checksum: <see cref="System.IO.Compression.ZipArchive"/> does not. Counts the
/// bytes that it reads, since the length in the archive is only a claim.
/// </summary>
internal sealed class VerifiedStream(Stream entry, uint crc, long limit) : Stream
{
    private readonly Crc32 seen = new();
    private long length;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => length; set => throw new NotSupportedException(); }

    public override int Read(Span<byte> buffer) => Verify(buffer, Inflate(buffer));

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    // Inflating bytes only computes, so the call is synchronous.
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        cancellationToken.IsCancellationRequested ? ValueTask.FromCanceled<int>(cancellationToken) : new(Read(buffer.Span));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            entry.Dispose();
        base.Dispose(disposing);
    }

    private int Inflate(Span<byte> buffer)
    {
        try
        {
            return entry.Read(buffer);
        }
        catch (InvalidDataException e)
        {
            throw new PageRejectedException("the zip is damaged", e);
        }
    }

    private int Verify(Span<byte> buffer, int read)
    {
        seen.Append(buffer[..read]);
        length += read;
        if (length > limit)
            throw new PageRejectedException($"the file in the zip is larger than {limit >> 30} GiB");
        if (read == 0 && !buffer.IsEmpty && seen.GetCurrentHashAsUInt32() != crc)
            throw new PageRejectedException("the zip is damaged: its checksum differs");
        return read;
    }
}
