using LeadSync.Contracts;
using LeadSync.Gateway.Zoho;
using LeadSync.Projector.Leads;
using LeadSync.Simulation.Model;

namespace LeadSync.Simulation.Services;

/// <summary>A projector: its consumers' order of acts around the real fold.</summary>
internal sealed class ProjectorProcess(World world, int number) : Process(world, $"projector {number}")
{
    protected override Task Handle(IReadOnlyList<Envelope> batch) => batch[0].Message switch
    {
        LeadsChanged => Fold([.. batch.SelectMany(envelope => ((LeadsChanged)envelope.Message).Leads)]),
        CatchUpPageReady page => Fold(page),
        BulkPageReady page => Project(page),
        CompareLeads run => Compare(run),
        var message => throw new InvalidOperationException($"nobody handles {message}"),
    };

    // LeadStore
    private async Task<IReadOnlyList<(string Id, Folded Folded)>> Fold(IReadOnlyList<LeadChanged> changes)
    {
        await World.Database(this, "folds");
        return World.Leads.Fold(changes);
    }

    // CatchUpPageReadyConsumer
    private async Task Fold(CatchUpPageReady page)
    {
        await Fold(page.Leads);
        await Publish(new CatchUpPageProjected(page.CatchUpId, page.Page));
    }

    // BulkPageReadyConsumer, PageProjection
    private async Task Project(BulkPageReady page)
    {
        await World.Step(this, "fetches the page");
        if (World.Fails(World.Setting.ZohoFails))
            throw new OutageException("the gateway answers 503");

        if (World.Zoho.Job(page.JobId) is not { } job || World.Fails(World.Setting.PagesDamaged))
        {
            await Publish(new BulkPageRejected(page.RunId, page.Page, page.JobId, "The file cannot be used."));
            return;
        }

        var rows = job.Rows.ConvertAll(row => World.Seams.Row(Change(row, page), World.Now));
        await World.Database(this, "compares the page");
        var differing = rows.FindAll(row => World.Leads.Differs(row, ContentHash.Of(row.Content!.Fields)));
        var contradicting = new List<string>();
        foreach (var block in differing.Chunk(2))
            contradicting.AddRange((await Fold(block)).Where(row => !row.Folded.IsAlive).Select(row => row.Id));
        await World.Database(this, "remembers the page");
        World.Leads.Remember(page.RunId, page.Page, page.CreatedTime, rows.Select(row => row.Id));
        if (contradicting.Count > 0)
            await Publish(new LeadsAnnounced(contradicting, Source.BulkPage, Clock.GetUtcNow()));
        await Publish(new BulkPageProjected(page.RunId, page.Page, page.JobId, differing.Count, rows.Count - differing.Count, 0));
    }

    // CompareLeadsConsumer
    private async Task Compare(CompareLeads run)
    {
        await World.Database(this, "compares the view");
        var missing = World.Leads.Missing(run);
        if (missing.Count > 0)
            await Publish(new LeadsAnnounced(missing, Source.FullComparison, Clock.GetUtcNow()));
        await Publish(new LeadsCompared(run.RunId, World.Leads.All.Count(row => row.Value.Shown is not null), missing.Count));
    }

    private static LeadChanged Change(LeadPart row, BulkPageReady page) =>
        new(row.Id, Source.BulkPage, page.CreatedTime, new LeadContent(row.ModifiedTime!.Value, page.FieldSet, row.Fields));
}
