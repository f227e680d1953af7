using LeadSync.Contracts;
using LeadSync.Gateway.Zoho;
using LeadSync.Projector.Leads;
using LeadSync.Scheduler;
using LeadSync.Scheduler.Planning;

namespace LeadSync.Simulation;

/// <summary>Where the simulation calls the services' decisions. As it is, it passes on what they say; mutants override single ones.</summary>
internal class Seams
{
    /// <summary>A message is acknowledged before what it causes is published.</summary>
    public virtual bool AcknowledgesFirst => false;

    /// <summary>A notification is answered before it is published.</summary>
    public virtual bool AnswersFirst => false;

    /// <summary>A catch-up that comes a second time is not begun again.</summary>
    public virtual bool GivesUpWhatBrokeOff => true;

    public virtual bool RemembersSightings => true;

    /// <summary>How long notifications with earlier tokens are still accepted.</summary>
    public virtual TimeSpan TokensOverlap => TimeSpan.FromMinutes(10);

    public virtual Step Next(SyncState state, SchedulerOptions options, DateTimeOffset now) => Plan.Next(state, options, now);

    public virtual SyncState Apply(SyncState state, object @event) => SyncState.Apply(state, @event);

    /// <param name="content">What was seen; null when the lead was gone.</param>
    public virtual Lead Fold(Lead lead, LeadChanged change, Content? content) =>
        content is null ? lead.Miss(new Absence(change.ObservedAt, change.DeletedAt ?? change.ObservedAt)) : lead.See(content);

    public virtual bool IsEvent(Lead before, Lead after) => Lead.IsEvent(before, after);

    public virtual IZoho Zoho(IZoho zoho) => zoho;

    /// <summary>What a service is about to publish; null for nothing.</summary>
    public virtual object? Published(object message, DateTimeOffset now) => message;

    public virtual ChannelRenewed Renewed(ChannelRenewed renewed, WatchRequest request) => renewed;

    /// <summary>A row of a bulk page.</summary>
    public virtual LeadChanged Row(LeadChanged row, DateTimeOffset now) => row;
}
