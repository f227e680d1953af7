using System.IO.Compression;

namespace LeadSync.Projector.BulkPages;

/// <summary>
/// A bulk read's file, kept on disk while it is read, at most twice: first to check and compare every row of it, then to apply what differs.
/// </summary>
internal sealed class PageFile : IAsyncDisposable
{
    // Zoho: at most 200,000 rows of at most some 32,000 characters per long text. More than this is no page of leads.
    private const long MaxCompressed = 4L << 30;
    private const long MaxUncompressed = 20L << 30;

    private readonly FileStream file;
    private readonly ZipArchiveEntry? entry;
    private readonly ZipArchive? archive;

    private PageFile(FileStream file, ZipArchive? archive, ZipArchiveEntry? entry)
    {
        this.file = file;
        this.archive = archive;
        this.entry = entry;
    }

    /// <summary>Takes a copy of what Zoho sent, and checks that it is a zip with one readable entry.</summary>
    /// <param name="zip">Null for a job without rows, which has no file.</param>
    /// <exception cref="PageRejectedException">It is not such a zip.</exception>
    public static async Task<PageFile> Keep(Stream? zip, CancellationToken ct)
    {
        var file = new FileStream(Path.GetTempFileName(), new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.ReadWrite,
            Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous,
        });
        try
        {
            if (zip is null)
                return new PageFile(file, null, null);

            await CopyBounded(zip, file, ct);
            return Open(file);
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }

    /// <summary>The CSV from its beginning. Reading it to its end verifies its checksum, and throws <see cref="PageRejectedException"/> if it differs.</summary>
    public Stream OpenCsv() => entry is null ? Stream.Null : new VerifiedStream(entry.Open(), entry.Crc32, MaxUncompressed);

    public async ValueTask DisposeAsync()
    {
        if (archive is not null)
            await archive.DisposeAsync();
        await file.DisposeAsync();
    }

    private static PageFile Open(FileStream file)
    {
        try
        {
            var archive = new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: true);
            return archive.Entries switch
            {
                [{ IsEncrypted: false } single] => new PageFile(file, archive, single),
                [_] => throw new PageRejectedException("the file in the zip is encrypted"),
                var entries => throw new PageRejectedException($"the zip holds {entries.Count} files instead of one"),
            };
        }
        catch (InvalidDataException e)
        {
            throw new PageRejectedException("what Zoho sent is not a complete zip file", e);
        }
    }

    private static async Task CopyBounded(Stream from, FileStream to, CancellationToken ct)
    {
        try
        {
            var buffer = new byte[81920];
            for (int read; (read = await from.ReadAsync(buffer, ct)) > 0;)
            {
                if (to.Length + read > MaxCompressed)
                    throw new PageRejectedException($"the zip is larger than {MaxCompressed >> 30} GiB");
                await to.WriteAsync(buffer.AsMemory(0, read), ct);
            }
        }
        catch (Exception e) when (e is HttpIOException or IOException)
        {
            throw new PageRejectedException("the transfer of the zip broke off", e);
        }
    }
}
