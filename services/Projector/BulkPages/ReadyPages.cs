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

internal sealed class FetchedPages(GatewayClient gateway, LegacyColumns columns, PageProjection projection, TimeProvider clock)
    : IPageSource
{
    // Zoho: 404 also when the file is not ready yet. Another job would cost 50 credits.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly ConcurrentDictionary<string, long> missingSince = new();

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
                missingSince.TryRemove(page.JobId, out _);
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
        if (clock.GetElapsedTime(missingSince.GetOrAdd(page.JobId, _ => clock.GetTimestamp())) < Patience)
            throw new OutageException("Zoho does not have the file of this bulk read yet");

        missingSince.TryRemove(page.JobId, out _);
        throw new PageRejectedException("Zoho does not give the file of this bulk read");
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
