using LeadSync.Contracts;
using LeadSync.Gateway.Notifications;
using MassTransit;
using MassTransit.Logging;

namespace LeadSync.Gateway.Bus;

// MassTransit calls these classes. Each gives a queue its name, and passes its messages on. The bus acknowledges a message when its handler
// has ended.

internal sealed class LeadsAnnouncedConsumer(AnnouncedLeads leads) : IConsumer<LeadsAnnounced>
{
    public Task Consume(ConsumeContext<LeadsAnnounced> context) =>
        leads.Hydrate(context.Message, context.Headers.Get<string>(DiagnosticHeaders.ActivityId), context.CancellationToken);
}

internal sealed class LeadsAnnouncedConsumerDefinition : ConsumerDefinition<LeadsAnnouncedConsumer>
{
    protected override void ConfigureConsumer(
        IReceiveEndpointConfigurator endpoint, IConsumerConfigurator<LeadsAnnouncedConsumer> consumer, IRegistrationContext context) =>
        endpoint.PrefetchCount = AnnouncedLeads.ConcurrentBatches * AnnouncedLeads.MessagesPerBatch;
}

/// <summary>Announcements that nobody waits for have a queue of their own, so that live announcements never wait behind them.</summary>
internal sealed class LeadsInQuestionConsumer(AnnouncedLeads leads) : IConsumer<LeadsInQuestion>
{
    public Task Consume(ConsumeContext<LeadsInQuestion> context) => leads.HydrateInQuestion(
        context.Message.Announcement, context.Headers.Get<string>(DiagnosticHeaders.ActivityId), context.CancellationToken);
}

internal sealed class LeadsInQuestionConsumerDefinition : ConsumerDefinition<LeadsInQuestionConsumer>
{
    protected override void ConfigureConsumer(
        IReceiveEndpointConfigurator endpoint, IConsumerConfigurator<LeadsInQuestionConsumer> consumer, IRegistrationContext context) =>
        endpoint.PrefetchCount = AnnouncedLeads.MessagesPerBatch;
}

/// <summary>Delayed announcements have a queue of their own, so that live announcements never wait behind them.</summary>
internal sealed class LookAgainConsumer(AnnouncedLeads leads) : IConsumer<LookAgain>
{
    public Task Consume(ConsumeContext<LookAgain> context) =>
        leads.AnnounceWhenDue(context.Message, context.CancellationToken);
}

internal sealed class LookAgainConsumerDefinition : ConsumerDefinition<LookAgainConsumer>
{
    protected override void ConfigureConsumer(
        IReceiveEndpointConfigurator endpoint, IConsumerConfigurator<LookAgainConsumer> consumer, IRegistrationContext context) =>
        endpoint.PrefetchCount = 200;
}

/// <summary>A delayed message occupies one of its queue's deliveries until it is due: for minutes while Zoho cannot be read. Notified leads
/// wait for a minute at most, so they have a queue of their own.</summary>
internal sealed class LookAgainInQuestionConsumer(AnnouncedLeads leads) : IConsumer<LookAgainInQuestion>
{
    public Task Consume(ConsumeContext<LookAgainInQuestion> context) =>
        leads.AnnounceWhenDue(context.Message, context.CancellationToken);
}

internal sealed class LookAgainInQuestionConsumerDefinition : ConsumerDefinition<LookAgainInQuestionConsumer>
{
    protected override void ConfigureConsumer(
        IReceiveEndpointConfigurator endpoint, IConsumerConfigurator<LookAgainInQuestionConsumer> consumer,
        IRegistrationContext context) =>
        endpoint.PrefetchCount = 200;
}

internal sealed class CatchUpConsumer(Commands commands) : IConsumer<CatchUp>
{
    public Task Consume(ConsumeContext<CatchUp> context) => commands.Report(
        context.Message, wasBegun: context.ReceiveContext.Redelivered || context.GetRetryAttempt() > 0, context.CancellationToken);
}

internal sealed class CatchUpConsumerDefinition : ConsumerDefinition<CatchUpConsumer>
{
    // One catch-up at a time: each may use a good part of the calls that Zoho allows. The second place is for the next one, whose arrival
    // stops the one before.
    protected override void ConfigureConsumer(
        IReceiveEndpointConfigurator endpoint, IConsumerConfigurator<CatchUpConsumer> consumer, IRegistrationContext context) =>
        endpoint.PrefetchCount = 2;
}

internal sealed class StartBulkReadConsumer(Commands commands) : IConsumer<StartBulkRead>
{
    public Task Consume(ConsumeContext<StartBulkRead> context) => commands.Start(context.Message, context.CancellationToken);
}

internal sealed class StartBulkReadConsumerDefinition : ConsumerDefinition<StartBulkReadConsumer>
{
    // One after the other: a command that is repeated while the first still waits finds the job that the first has created. At another
    // replica it finds the reservation of the page.
    protected override void ConfigureConsumer(
        IReceiveEndpointConfigurator endpoint, IConsumerConfigurator<StartBulkReadConsumer> consumer, IRegistrationContext context) =>
        endpoint.PrefetchCount = 1;
}

internal sealed class CheckBulkJobConsumer(Commands commands) : IConsumer<CheckBulkJob>
{
    public Task Consume(ConsumeContext<CheckBulkJob> context) => commands.Check(context.Message, context.CancellationToken);
}

internal sealed class RenewChannelConsumer(Commands commands) : IConsumer<RenewChannel>
{
    public Task Consume(ConsumeContext<RenewChannel> context) => commands.Renew(context.Message, context.CancellationToken);
}

internal sealed class RenewChannelConsumerDefinition : ConsumerDefinition<RenewChannelConsumer>
{
    // One renewal at a time over all replicas: with two, each token would replace the other.
    protected override void ConfigureConsumer(
        IReceiveEndpointConfigurator endpoint, IConsumerConfigurator<RenewChannelConsumer> consumer, IRegistrationContext context)
    {
        endpoint.PrefetchCount = 1;
        if (endpoint is IRabbitMqReceiveEndpointConfigurator queue)
            queue.SingleActiveConsumer = true;
    }
}

internal sealed class CheckChannelConsumer(Commands commands) : IConsumer<CheckChannel>
{
    public Task Consume(ConsumeContext<CheckChannel> context) => commands.Check(context.Message, context.CancellationToken);
}
