using System.Diagnostics;
using LeadSync.Contracts;
using LeadSync.ServiceDefaults.Bus;
using LeadSync.ServiceDefaults.Telemetry;

namespace LeadSync.Projector.Leads;

/// <summary>
/// Folds live changes. Changes that arrive while others are folded form the next batch. Each stays part of its notification's trace.
/// </summary>
internal sealed class LiveChanges : IDisposable
{
    // Messages, each of as many leads as came in while others were hydrated: four or five at 500 changes a second, 200 at most.
    public const int MessagesPerBatch = 10;
    public const int ConcurrentBatches = 1;

    private readonly ILeadProjection projection;
    private readonly ChangeLatency latency;
    private readonly TimeProvider clock;
    private readonly Gathering<(IReadOnlyList<(LeadChanged Change, Activity? Span)> Leads, CancellationToken Ct)> gathering;

    public LiveChanges(ILeadProjection projection, ChangeLatency latency, TimeProvider clock)
    {
        (this.projection, this.latency, this.clock) = (projection, latency, clock);
        gathering = new(MessagesPerBatch, ConcurrentBatches, minInterval: TimeSpan.Zero, clock, Fold);
    }

    /// <summary>Folds leads of one message together with those of others.</summary>
    /// <param name="sentAt">When the message was sent, if it says so.</param>
    public async Task Fold(IEnumerable<LeadChanged> leads, DateTimeOffset? sentAt, CancellationToken ct)
    {
        (LeadChanged Change, Activity? Span)[] traced =
        [
            .. leads.Select(lead => (lead, LeadSyncTelemetry.StartInTraceOf(lead.TraceParent, "fold lead")))
        ];
        try
        {
            await gathering.AddOrAlone((traced, ct));
        }
        finally
        {
            foreach (var (_, span) in traced)
                span?.Dispose();
        }

        if (sentAt is not { } sent)
            return;

        var took = clock.GetUtcNow() - sent;
        foreach (var _ in traced)
            ChangeDuration.Record("folded", took);
    }

    public void Dispose() => gathering.Dispose();

    private async Task Fold(IReadOnlyList<(IReadOnlyList<(LeadChanged Change, Activity? Span)> Leads, CancellationToken Ct)> gathered)
    {
        (LeadChanged Change, Activity? Span)[] leads = [.. gathered.SelectMany(message => message.Leads)];
        // They are folded in the trace of the first.
        Activity.Current = leads[0].Span;
        foreach (var (_, span) in leads.Skip(1))
            span?.AddLink(new ActivityLink(leads[0].Span?.Context ?? default));
        var outcome = await projection.Project(
            [.. leads.Select(lead => (lead.Change, lead.Span?.Context ?? default))], "live change", gathered[0].Ct);
        latency.Note([.. leads.Select(lead => lead.Change).Applied(outcome)]);
    }
}
