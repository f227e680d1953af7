using LeadSync.Contracts;
using LeadSync.Gateway.Channels;
using LeadSync.Gateway.Zoho;
using LeadSync.Projector.Leads;
using LeadSync.Scheduler.Planning;
using LeadSync.Scheduler.Recording;
using LeadSync.ServiceDefaults.Bus;
using LeadSync.ServiceDefaults.Parking;
using LeadSync.Simulation.Model;

namespace LeadSync.Simulation.Mutants;

/// <summary>
/// Where the simulation calls the services' decisions. As it is, it passes on what they say; mutants override single ones.
/// </summary>
internal class Seams
{
    /// <summary>A message as it is delivered.</summary>
    public virtual Envelope Delivered(Envelope envelope) => envelope;

    /// <summary>Lets a service handle a message, which is acknowledged when that has ended.</summary>
    public virtual Task Handling(Func<Task> handle) => handle();

    /// <summary>Whether the projector remembers which leads a page showed.</summary>
    public virtual bool RemembersSightings => true;

    /// <summary>What a service publishes with.</summary>
    public virtual Publish Publishing(World world, Publish publish) => publish;

    /// <summary>Where a gateway keeps the channel.</summary>
    public virtual IChannelStore Channel(IChannelStore store) => store;

    /// <summary>Where a service parks.</summary>
    public virtual IParkingLot Parking(IParkingLot parkingLot) => parkingLot;

    /// <summary>Where a scheduler records.</summary>
    public virtual ISyncLog Log(World world, ISyncLog log) => log;

    public virtual SyncState Apply(SyncState state, object @event) => SyncState.Apply(state, @event);

    /// <param name="content">What was seen; null when the lead was gone.</param>
    public virtual Lead Fold(Lead lead, LeadChanged change, Content? content) =>
        content is null ? lead.Miss(new Absence(change.ObservedAt, change.DeletedAt ?? change.ObservedAt)) : lead.See(content);

    public virtual bool IsEvent(Lead before, Lead after) => Lead.IsEvent(before, after);

    public virtual IRecordsApi Records(IRecordsApi zoho) => zoho;

    public virtual IWatchApi Watch(IWatchApi zoho) => zoho;

    /// <summary>What a service is about to publish; null for nothing.</summary>
    public virtual object? Published(object message, DateTimeOffset now) => message;

    /// <summary>A row of a bulk page.</summary>
    public virtual LeadChanged Row(LeadChanged row, DateTimeOffset now) => row;
}
