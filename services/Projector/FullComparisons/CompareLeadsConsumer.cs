using LeadSync.Contracts;
using MassTransit;
using Npgsql;

namespace LeadSync.Projector.FullComparisons;

/// <summary>
/// Finds the living leads that a complete bulk read did not show, and announces them: the gateway asks Zoho about each before anything is removed.
/// </summary>
internal sealed class CompareLeadsConsumer(NpgsqlDataSource database, IBus bus, TimeProvider clock) : IConsumer<CompareLeads>
{
    private const int AnnouncedAtOnce = 50;

    public async Task Consume(ConsumeContext<CompareLeads> context)
    {
        var run = context.Message;
        var (living, missing) = await Compare(run, context.CancellationToken);
        foreach (var ids in missing.Chunk(AnnouncedAtOnce))
            await bus.Publish(new LeadsAnnounced(ids, Source.FullComparison, clock.GetUtcNow()), context.CancellationToken);

        await bus.Publish(new LeadsCompared(run.RunId, living, missing.Count), context.CancellationToken);
    }

    private async Task<(int Living, List<string> Missing)> Compare(CompareLeads run, CancellationToken ct)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(new("select count(*) from legacy.leads"));
        batch.BatchCommands.Add(new("""
            select l.id from projector.leads l
            where l.last_seen > coalesce(l.last_gone, '-infinity') and l.last_seen < $2
                and not exists (select from projector.sightings s, unnest(s.ids) as seen(id) where s.run_id = $1 and seen.id = l.id)
            """)
        {
            Parameters = { new() { Value = run.RunId }, new() { Value = run.StartedAt.UtcDateTime } },
        });

        await using var reader = await batch.ExecuteReaderAsync(ct);
        await reader.ReadAsync(ct);
        var living = (int)reader.GetInt64(0);
        await reader.NextResultAsync(ct);
        var missing = new List<string>();
        while (await reader.ReadAsync(ct))
            missing.Add(reader.GetString(0));
        return (living, missing);
    }
}
