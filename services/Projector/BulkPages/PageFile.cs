using System.IO.Compression;
using LeadSync.ServiceDefaults.Bus;

namespace LeadSync.Projector.BulkPages;

/// <summary>
/// The file of a bulk read, on disk until the page is projected. The first reading checks and compares every row; a second one copies the
/// new leads; a third one folds the other leads that differ.
/// </summary>
internal sealed class PageFile : IAsyncDisposable
{
    // Zoho: at most 200,000 rows of at most some 32,000 characters per long text. A larger file is not a page of leads.
    private const long MaxCompressed = 4L << 30;
    private const long MaxUncompressed = 20L << 30;

    // The gateway streams Zoho's file without a pause.
    private static readonly TimeSpan Stalled = TimeSpan.FromSeconds(60);

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
    /// <exception cref="PageRejectedException">The file is not such a zip.</exception>
    /// <exception cref="OutageException">The transfer broke off or stalled, or the disk is full.</exception>
    public static async Task<PageFile> Keep(Stream? zip, CancellationToken ct)
    {
        var file = new FileStream(Path.Combine(Path.GetTempPath(), $"leadsync-{Guid.NewGuid():n}"), new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.Delete,
            Options = FileOptions.Asynchronous,
        });
        // The file is open and has no name, so nothing is left of it however the process ends.
        File.Delete(file.Name);
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

    /// <summary>
    /// The CSV from its beginning. Reading it to its end verifies its checksum, and throws
    /// <see cref="PageRejectedException"/> if it differs.
    /// </summary>
    public Stream OpenCsv()
    {
        try
        {
            return entry is null ? Stream.Null : new VerifiedStream(entry.Open(), entry.Crc32, MaxUncompressed);
        }
        catch (InvalidDataException e)
        {
            throw new PageRejectedException("the zip is damaged", e);
        }
    }

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
        var buffer = new byte[81920];
        for (int read; (read = await Read(from, buffer, ct)) > 0;)
        {
            if (to.Length + read > MaxCompressed)
                throw new PageRejectedException($"the zip is larger than {MaxCompressed >> 30} GiB");
            try
            {
                await to.WriteAsync(buffer.AsMemory(0, read), ct);
            }
            catch (IOException e)
            {
                throw new OutageException("there is no room for the file on the disk", e);
            }
        }
    }

    private static async Task<int> Read(Stream from, byte[] buffer, CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(Stalled);
        try
        {
            return await from.ReadAsync(buffer, patience.Token);
        }
        catch (Exception e) when (e is IOException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            // Zoho keeps the file for a day: downloading it again costs nothing, and another job costs credits.
            throw new OutageException("the transfer of the zip broke off", e);
        }
    }
}
