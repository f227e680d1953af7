using LeadSync.Contracts;
using LeadSync.Gateway.Channels;
using LeadSync.Gateway.Zoho.Apis;
using LeadSync.Projector.Leads;
using LeadSync.Scheduler.Planning;
using LeadSync.Scheduler.Recording;
using LeadSync.ServiceDefaults.Bus;
using LeadSync.ServiceDefaults.Parking;
using LeadSync.Simulation.Model;

namespace LeadSync.Simulation.Mutants;

/// <summary>
/// The seams between the simulation and the services. This class changes nothing; mutants override single methods.
/// </summary>
internal class Seams
{
    /// <summary>A delivered message.</summary>
    public virtual Envelope Delivered(Envelope envelope) => envelope;

    /// <summary>Lets a service handle a message. The message is acknowledged when the task has ended.</summary>
    public virtual Task Handling(Func<Task> handle) => handle();

    /// <summary>Whether the projector remembers the leads of a page.</summary>
    public virtual bool RemembersSightings => true;

    /// <summary>A service's publisher.</summary>
    public virtual Publish Publishing(World world, Publish publish) => publish;

    /// <summary>A gateway's channel store.</summary>
    public virtual IChannelStore Channel(IChannelStore store) => store;

    /// <summary>A service's parking.</summary>
    public virtual IParkingLot Parking(IParkingLot parkingLot) => parkingLot;

    /// <summary>A scheduler's log.</summary>
    public virtual ISyncLog Log(World world, ISyncLog log) => log;

    public virtual SyncState Apply(SyncState state, object @event) => SyncState.Apply(state, @event);

    /// <param name="content">The content of the lead; null when the lead was gone.</param>
    public virtual Lead Fold(Lead lead, LeadChanged change, Content? content) =>
        content is null ? lead.Observe(new Absence(change.ObservedAt, change.DeletedAt ?? change.ObservedAt)) : lead.Observe(content);

    public virtual bool IsEvent(Lead before, Lead after) => Lead.IsEvent(before, after);

    public virtual IRecordsApi Records(IRecordsApi zoho) => zoho;

    public virtual IWatchApi Watch(IWatchApi zoho) => zoho;

    /// <summary>A message before a service publishes it; null publishes nothing.</summary>
    public virtual object? Published(object message, DateTimeOffset now) => message;

    /// <summary>A row of a bulk page.</summary>
    public virtual LeadChanged Row(LeadChanged row, DateTimeOffset now) => row;
}
