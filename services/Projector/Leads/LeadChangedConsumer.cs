using System.Diagnostics;
using LeadSync.Contracts;
using LeadSync.ServiceDefaults.Telemetry;
using MassTransit;
using MassTransit.Logging;

namespace LeadSync.Projector.Leads;

/// <summary>Folds live changes, as many at once as have come in; each stays part of the trace that began with Zoho's notification.</summary>
internal sealed class LeadChangedConsumer(LeadProjection projection, ChangeLatency latency, TimeProvider clock) : IConsumer<Batch<LeadChanged>>
{
    public async Task Consume(ConsumeContext<Batch<LeadChanged>> context)
    {
        var spans = context.Message.Select(message => StartSpan(message)).ToArray();
        try
        {
            var changes = context.Message.Select((message, index) => (message.Message, spans[index]?.Context ?? default)).ToArray();
            var outcome = await projection.Project(changes, "live change", context.CancellationToken);
            latency.Note([.. changes.Select(entry => entry.Message).Applied(outcome)]);
            foreach (var message in context.Message.Where(message => message.SentTime is not null))
                ChangeDuration.Record("folded", clock.GetUtcNow() - message.SentTime!.Value);
        }
        finally
        {
            foreach (var span in spans)
                span?.Dispose();
        }
    }

    private static Activity? StartSpan(ConsumeContext<LeadChanged> message)
    {
        ActivityContext.TryParse(message.Headers.Get<string>(DiagnosticHeaders.ActivityId), null, isRemote: true, out var parent);
        return LeadSyncTelemetry.Source.StartActivity(
            "fold lead", ActivityKind.Internal, parent, links: Activity.Current is { } batch ? [new ActivityLink(batch.Context)] : null);
    }
}

/// <summary>Small waits: a change should be seen within milliseconds; when many come, batches fill by themselves.</summary>
internal sealed class LeadChangedConsumerDefinition : ConsumerDefinition<LeadChangedConsumer>
{
    protected override void ConfigureConsumer(
        IReceiveEndpointConfigurator endpoint, IConsumerConfigurator<LeadChangedConsumer> consumer, IRegistrationContext context) =>
        consumer.Options<BatchOptions>(batch => batch.SetMessageLimit(200).SetTimeLimit(ms: 5).SetConcurrencyLimit(2));
}
