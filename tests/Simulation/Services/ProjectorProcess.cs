using LeadSync.Contracts;
using LeadSync.Projector.BulkPages;
using LeadSync.Projector.CatchUps;
using LeadSync.Projector.FullComparisons;
using LeadSync.Projector.Leads;
using LeadSync.Simulation.Model;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace LeadSync.Simulation.Services;

#pragma warning disable CA1001 // It dies with its schedule.

/// <summary>A replica of the projector, composed like the service. The database and the calls to the gateway are models.</summary>
internal sealed class ProjectorProcess(World world, int number) : Process(world, $"projector {number}")
{
    // The projector only counts durations, and nothing writes them.
    private static readonly NpgsqlDataSource Nowhere = NpgsqlDataSource.Create("Host=nowhere");

    private LiveChanges changes = null!;
    private CatchUpPages catchUpPages = null!;
    private ReadyPages bulkPages = null!;
    private FullComparison comparison = null!;

    public override void Start()
    {
        base.Start();
        var leads = new ProjectorTables(World, this);
        var latency = new ChangeLatency(Nowhere, Clock, NullLogger<ChangeLatency>.Instance);
        changes = new LiveChanges(leads, latency, Clock);
        catchUpPages = new CatchUpPages(leads, latency, Publish);
        bulkPages = new ReadyPages(leads, Publish, Clock);
        comparison = new FullComparison(leads, Publish, Clock, NullLogger<FullComparison>.Instance);
    }

    protected override Task Handle(Envelope envelope) => envelope.Message switch
    {
        LeadsChanged changed => changes.Fold(changed.Leads, sentAt: null, default),
        LeadsReread reread => changes.FoldReread(reread.Leads, default),
        CatchUpPageReady page => catchUpPages.Project(page, default),
        BulkPageReady page => bulkPages.Project(page, default),
        CompareLeads run => comparison.Compare(run, default),
        AnnounceMissing release => comparison.Release(release, default),
        var message => throw new InvalidOperationException($"nobody handles {message}"),
    };
}
