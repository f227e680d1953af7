using System.Collections.Concurrent;
using LeadSync.Contracts;
using LeadSync.Projector.LegacyView;
using LeadSync.ServiceDefaults.Bus;

namespace LeadSync.Projector.BulkPages;

/// <summary>
/// Fetches and folds a bulk page: through the gateway into PostgreSQL in the service, in a model in the simulation.
/// </summary>
internal interface IPageSource
{
    /// <exception cref="PageRejectedException">The page cannot be used; nothing of it was applied.</exception>
    Task<PageOutcome> Project(BulkPageReady page, CancellationToken ct);
}

/// <summary>The files that Zoho did not have when they were asked for. Each attempt at a message has its own
/// <see cref="FetchedPages"/>, so they share this.</summary>
internal sealed class MissingFiles(TimeProvider clock)
{
    // Zoho: 404 also when the file is not ready yet. Another job would cost 50 credits.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly ConcurrentDictionary<string, long> since = new();

    /// <summary>Notes that Zoho does not have the file of a job.</summary>
    /// <returns>Whether the file has been missing for so long that Zoho will not have it.</returns>
    public bool IsLost(string jobId)
    {
        if (clock.GetElapsedTime(since.GetOrAdd(jobId, _ => clock.GetTimestamp())) < Patience)
            return false;

        Found(jobId);
        return true;
    }

    public void Found(string jobId) => since.TryRemove(jobId, out _);
}

internal sealed class FetchedPages(GatewayClient gateway, LegacyColumns columns, PageProjection projection, MissingFiles missing)
    : IPageSource
{
    public async Task<PageOutcome> Project(BulkPageReady page, CancellationToken ct)
    {
        var fields = await columns.For(page.FieldSet, ct);
        await using var file = await Fetch(page, ct);
        return await projection.Project(page, file, fields, ct);
    }

    private async Task<PageFile> Fetch(BulkPageReady page, CancellationToken ct)
    {
        try
        {
            if (await gateway.ReadBulkRead(page.JobId, ct) is { } file)
            {
                missing.Found(page.JobId);
                return file;
            }
        }
        catch (PageRejectedException) when (page.Rows == 0)
        {
            // Zoho: the file of a job without rows has a header or nothing.
            return await PageFile.Keep(null, ct);
        }

        if (page.Rows == 0)
            return await PageFile.Keep(null, ct);
        throw missing.IsLost(page.JobId)
            ? new PageRejectedException("Zoho does not give the file of this bulk read")
            : new OutageException("Zoho does not have the file of this bulk read yet");
    }
}

/// <summary>
/// Projects bulk pages, and publishes the outcome, or why a page cannot be used. Announces the leads that the gateway has to read alone.
/// </summary>
internal sealed class ReadyPages(IPageSource source, Publish publish, TimeProvider clock)
{
    private const int AnnouncedAtOnce = 50;

    public async Task Project(BulkPageReady page, CancellationToken ct)
    {
        try
        {
            var outcome = await source.Project(page, ct);
            foreach (var ids in outcome.ToRead.Chunk(AnnouncedAtOnce))
                await publish(new LeadsAnnounced(ids, Source.BulkPage, clock.GetUtcNow()), ct);
            await publish(
                new BulkPageProjected(
                    page.RunId, page.Page, page.JobId, outcome.Applied, outcome.Unchanged, outcome.Parked, outcome.Difference), ct);
        }
        catch (PageRejectedException e)
        {
            await publish(new BulkPageRejected(page.RunId, page.Page, page.JobId, e.Message), ct);
        }
    }
}
