using LeadSync.Contracts;
using LeadSync.Gateway.Zoho.Apis;
using LeadSync.Projector.BulkPages;
using LeadSync.Projector.FullComparisons;
using LeadSync.Projector.Leads;
using LeadSync.ServiceDefaults.Parking;
using LeadSync.Simulation.Services;
using ActivityContext = System.Diagnostics.ActivityContext;

namespace LeadSync.Simulation.Model;

/// <summary>One projector's access to its tables and to the files of bulk pages.</summary>
internal sealed class ProjectorTables(World world, Process projector) : ILeadProjection, IPageSource, IMissingLeads
{
    private const int Block = 2;

    private readonly IParkingLot parkingLot = world.Seams.Parking(new ParkedTable(world, projector));

    private LeadTable Leads => world.Leads;

    public async Task<IReadOnlyList<(string Id, Folded Folded)>> Project(
        IReadOnlyList<(LeadChanged Change, ActivityContext Trace)> changes, string origin, CancellationToken ct)
    {
        var outcome = await Fold([.. changes.Select(change => change.Change)], origin, ct);
        world.Committed();
        return outcome;
    }

    public async Task<PageOutcome> Project(BulkPageReady page, CancellationToken ct)
    {
        await world.Step(projector, "fetches the page", ct);
        if (world.Strikes(Disturbance.PageNotFetched, world.Profile.ZohoFails))
            throw new AwayException("the gateway answers 503");
        if (world.Zoho.Job(page.JobId) is not { } job || world.Strikes(Disturbance.PageDamaged, world.Profile.PagesDamaged))
            throw new PageRejectedException("The file cannot be used.");

        var parked = job.Rows.FindAll(row => row.InvalidField is not null).ConvertAll(row => row.Id);
        await Park(parked, page.JobId, ct);
        var rows = job.Rows.FindAll(row => row.InvalidField is null).ConvertAll(row => world.Seams.Row(Change(row, page), world.Now));
        await world.Database(projector, "compares the page", ct);
        var differing = rows.FindAll(row => Leads.Differs(row, ContentHash.Of(row.Content!.Fields)));
        var contradicting = new List<string>();
        foreach (var block in differing.Chunk(Block))
        {
            var outcome = await Fold(block, page.JobId, ct);
            contradicting.AddRange(outcome.Where(row => !row.Folded.IsAlive).Select(row => row.Id));
            parked.AddRange(block.Select(row => row.Id).Except(outcome.Select(row => row.Id)));
        }

        await world.Database(projector, "remembers the page", ct);
        Leads.Remember(page.RunId, page.Page, page.CreatedTime, [.. rows.Select(row => row.Id).Except(parked)], parked);
        world.Committed();
        return new PageOutcome(differing.Count, rows.Count - differing.Count, parked.Count, contradicting, Difference: 0);
    }

    public async Task<(int Living, int Missing, bool IsComplete)> Count(CompareLeads run, CancellationToken ct)
    {
        await world.Database(projector, "compares the view", ct);
        return (Leads.All.Count(row => row.Value.Shown is not null), Leads.Missing(run).Count, Leads.Remembered(run.RunId) >= run.Pages);
    }

    public async Task<IReadOnlyList<string>> Find(CompareLeads run, CancellationToken ct)
    {
        await world.Database(projector, "finds what is missing", ct);
        var missing = Leads.Missing(run);
        world.Invariants.Missed(run, missing);
        return missing;
    }

    // The model has so few leads that only a run with forgotten pages is held back.
    public Task HoldBack(CompareLeads run, int living, CancellationToken ct) => world.Database(projector, "holds back", ct);

    public Task<(int Living, IReadOnlyList<string> Missing)> HeldBack(Guid runId, CancellationToken ct) =>
        throw new NotSupportedException("nothing is held back");

    public async Task Remember(LeadsCompared answer, CancellationToken ct)
    {
        await world.Database(projector, "remembers the comparison", ct);
        Leads.Compared = answer;
    }

    public async Task<LeadsCompared?> Answer(Guid runId, CancellationToken ct)
    {
        await world.Database(projector, "looks for the comparison's outcome", ct);
        return Leads.Compared?.RunId == runId ? Leads.Compared : null;
    }

    /// <summary>One transaction. It parks leads whose row PostgreSQL refuses, and applies the others.</summary>
    private async Task<IReadOnlyList<(string Id, Folded Folded)>> Fold(
        IReadOnlyList<LeadChanged> changes, string origin, CancellationToken ct)
    {
        await world.Database(projector, "folds", ct);
        if (changes.FirstOrDefault(change => Leads.Unbearable.Contains(change.Id)) is { } unbearable)
            throw new UnbearableException($"lead {unbearable.Id} cannot be handled");

        await Park([.. changes.Select(change => change.Id).Where(Leads.Refused.Contains)], origin, ct);
        var accepted = changes.Where(change => !Leads.Refused.Contains(change.Id)).ToList();
        return accepted.Count == 0 ? [] : Leads.Fold(accepted);
    }

    private Task Park(IReadOnlyList<string> ids, string origin, CancellationToken ct) =>
        parkingLot.Park([.. ids.Select(id => ParkedItem.Lead(id, origin, "no row can hold it"))], ct);

    private static LeadChanged Change(LeadPart row, BulkPageReady page) =>
        new(row.Id, Source.BulkPage, page.CreatedTime, new LeadContent(row.ModifiedTime!.Value, page.FieldSet, row.Fields));
}
