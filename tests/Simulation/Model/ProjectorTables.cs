using LeadSync.Contracts;
using LeadSync.Gateway.Zoho;
using LeadSync.Projector.BulkPages;
using LeadSync.Projector.FullComparisons;
using LeadSync.Projector.Leads;
using LeadSync.Simulation.Services;
using ActivityContext = System.Diagnostics.ActivityContext;

namespace LeadSync.Simulation.Model;

/// <summary>The projector's tables, and the files of bulk pages, as one projector uses them.</summary>
internal sealed class ProjectorTables(World world, Process projector) : ILeadProjection, IPageSource, IMissingLeads
{
    private const int Block = 2;

    private LeadTable Leads => world.Leads;

    public async Task<IReadOnlyList<(string Id, Folded Folded)>> Project(
        IReadOnlyList<(LeadChanged Change, ActivityContext Trace)> changes, string origin, CancellationToken ct)
    {
        await world.Database(projector, "folds", ct);
        return Leads.Fold([.. changes.Select(change => change.Change)]);
    }

    public async Task<PageOutcome> Project(BulkPageReady page, CancellationToken ct)
    {
        await world.Step(projector, "fetches the page", ct);
        if (world.Fails(world.Setting.ZohoFails))
            throw new OutageException("the gateway answers 503");
        if (world.Zoho.Job(page.JobId) is not { } job || world.Fails(world.Setting.PagesDamaged))
            throw new PageRejectedException("The file cannot be used.");

        var rows = job.Rows.ConvertAll(row => world.Seams.Row(Change(row, page), world.Now));
        await world.Database(projector, "compares the page", ct);
        var differing = rows.FindAll(row => Leads.Differs(row, ContentHash.Of(row.Content!.Fields)));
        var contradicting = new List<string>();
        foreach (var block in differing.Chunk(Block))
        {
            await world.Database(projector, "folds", ct);
            contradicting.AddRange(Leads.Fold(block).Where(row => !row.Folded.IsAlive).Select(row => row.Id));
        }

        await world.Database(projector, "remembers the page", ct);
        Leads.Remember(page.RunId, page.Page, page.CreatedTime, rows.Select(row => row.Id));
        return new PageOutcome(differing.Count, rows.Count - differing.Count, Parked: 0, contradicting, Difference: 0);
    }

    public async Task<(int Living, int Missing, bool IsComplete)> Count(CompareLeads run, CancellationToken ct)
    {
        await world.Database(projector, "compares the view", ct);
        return (Leads.All.Count(row => row.Value.Shown is not null), Leads.Missing(run).Count, IsComplete: true);
    }

    public async Task<IReadOnlyList<string>> Find(CompareLeads run, CancellationToken ct)
    {
        await world.Database(projector, "finds what is missing", ct);
        return Leads.Missing(run);
    }

    public Task HoldBack(CompareLeads run, int living, CancellationToken ct) =>
        throw new NotSupportedException("so few leads are never too many");

    public Task<(int Living, IReadOnlyList<string> Missing)> HeldBack(Guid runId, CancellationToken ct) =>
        throw new NotSupportedException("nothing is held back");

    private static LeadChanged Change(LeadPart row, BulkPageReady page) =>
        new(row.Id, Source.BulkPage, page.CreatedTime, new LeadContent(row.ModifiedTime!.Value, page.FieldSet, row.Fields));
}
