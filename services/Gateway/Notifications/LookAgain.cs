using LeadSync.Contracts;
using LeadSync.Gateway.Records;
using MassTransit;

namespace LeadSync.Gateway.Notifications;

/// <summary>Asks the gateway itself to announce leads once more, later.</summary>
/// <param name="DueAt">In our clock.</param>
internal sealed record LookAgain(LeadsAnnounced Announcement, DateTimeOffset DueAt)
{
    public static IEnumerable<LookAgain> At(IEnumerable<(AnnouncedLead Lead, TimeSpan Pause)> later, DateTimeOffset now) =>
        later
            .GroupBy(again => again.Pause, again => again.Lead)
            .SelectMany(leads => AnnouncedLead.Together(leads).Select(announcement => new LookAgain(announcement, now + leads.Key)));
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
