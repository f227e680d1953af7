using LeadSync.ZohoSimulator.Leads;

namespace LeadSync.ZohoSimulator.Watch.Deliveries;

/// <summary>One POST to a channel's notify_url, about one lead or several.</summary>
internal sealed record Delivery(Subscription Channel, Announce Operation, IReadOnlyList<LeadEvent> Events)
{
    /// <summary>When it is sent, as <see cref="TimeProvider.GetTimestamp"/>.</summary>
    public long Due { get; init; }

    /// <summary>Whether the delivery may overtake others and be overtaken.</summary>
    public bool OutOfOrder { get; init; }

    public int Attempt { get; init; }

    public bool CanJoin(Delivery next) =>
        Operation == next.Operation && ReferenceEquals(Channel, next.Channel) && Attempt + next.Attempt == 0
        && Events.All(one => one.Lead.Id != next.Events[0].Lead.Id);
}
