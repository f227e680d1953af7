using LeadSync.ZohoSimulator.Control;
using LeadSync.ZohoSimulator.Leads;

namespace LeadSync.ZohoSimulator.Watch.Deliveries;

/// <summary>Turns changes of leads into deliveries to the subscribed channels.</summary>
internal sealed class Announcements(Channels channels, DeliveryQueue queue, Dials dials, Chance chance, Statistics statistics)
{
    private long latest;

    public void Announce(LeadEvent change)
    {
        foreach (var channel in channels.Alive)
        {
            if (!Hears(channel, change))
                continue;

            statistics.Counted("deliveries.announced");
            if (chance.Happens(dials.DeliveryDropRate))
            {
                statistics.Counted("deliveries.dropped");
                continue;
            }

            Enqueue(channel, change);
            if (chance.Happens(dials.DeliveryDuplicateRate))
            {
                statistics.Counted("deliveries.duplicated");
                Enqueue(channel, change);
            }
        }
    }

    private bool Hears(Subscription channel, LeadEvent change) =>
        channel.Module.Name == "Leads" && (dials.InvisibleLeadsAreAnnounced || !dials.IsInvisible(change.Lead))
            && channel.Hears(EventOf(change.Operation)) && (!change.Related || channel.OnRelatedActions);

    private static string EventOf(Announce operation) => operation switch
    {
        Leads.Announce.Insert => "create",
        Leads.Announce.Update => "edit",
        _ => "delete",
    };

    private void Enqueue(Subscription channel, LeadEvent change)
    {
        var late = chance.Happens(dials.DeliveryLateRate);
        var outOfOrder = late || dials.DeliveryReorder > TimeSpan.Zero;
        var delay = dials.DeliveryDelay + chance.Around(dials.DeliveryJitter) + chance.UpTo(dials.DeliveryReorder);
        if (late)
            delay += dials.DeliveryLateBy;

        var due = Held(TimeProvider.System.GetTimestamp() + Ticks(delay));
        if (!outOfOrder && dials.DeliveryJitter > TimeSpan.Zero)
            latest = due = Math.Max(due, latest);
        queue.Add(new Delivery(channel, change.Operation, [change]) { Due = due, OutOfOrder = outOfOrder });
    }

    private long Held(long due)
    {
        var burst = Ticks(dials.DeliveryBurst);
        return burst > 0 ? (due / burst * burst) + burst : due;
    }

    private static long Ticks(TimeSpan time) => (long)(time.TotalSeconds * TimeProvider.System.TimestampFrequency);
}
