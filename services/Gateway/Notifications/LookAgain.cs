using LeadSync.Contracts;
using LeadSync.Gateway.Records;
using MassTransit;

namespace LeadSync.Gateway.Notifications;

/// <summary>Asks the gateway itself to announce leads once more, later.</summary>
/// <param name="DueAt">In our clock.</param>
internal sealed record LookAgain(LeadsAnnounced Announcement, DateTimeOffset DueAt)
{
    private const int LeadsPerAnnouncement = 50;

    public static IEnumerable<LookAgain> At(IEnumerable<(AnnouncedLead Lead, TimeSpan Pause)> later, DateTimeOffset now) =>
        later
            .GroupBy(again => (again.Lead.Source, again.Lead.Attempt, again.Pause), again => again.Lead)
            .SelectMany(group => group.Chunk(LeadsPerAnnouncement).Select(leads => new LookAgain(
                new LeadsAnnounced(
                    [.. leads.Select(lead => lead.Id)],
                    group.Key.Source,
                    leads.Min(lead => lead.AnnouncedAt),
                    group.Key.Attempt,
                    leads.ToDictionary(lead => lead.Id, lead => new Origin(lead.AnnouncedAt, lead.TraceParent))),
                now + group.Key.Pause)));
}

/// <summary>Waits here, in a queue of its own, so that live announcements never wait behind it.</summary>
/// <remarks>Published by the bus for the same reason as in <see cref="LeadsAnnouncedConsumer"/>.</remarks>
internal sealed class LookAgainConsumer(IBus bus, TimeProvider time) : IConsumer<LookAgain>
{
    public async Task Consume(ConsumeContext<LookAgain> context)
    {
        if (context.Message.DueAt - time.GetUtcNow() is { Ticks: > 0 } pause)
            await Task.Delay(pause, time, context.CancellationToken);
        await bus.Publish(context.Message.Announcement, context.CancellationToken);
    }
}

internal sealed class LookAgainConsumerDefinition : ConsumerDefinition<LookAgainConsumer>
{
    protected override void ConfigureConsumer(
        IReceiveEndpointConfigurator endpoint, IConsumerConfigurator<LookAgainConsumer> consumer, IRegistrationContext context) =>
        endpoint.PrefetchCount = 200;
}
