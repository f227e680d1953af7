using System.Collections.Concurrent;
using LeadSync.ZohoSimulator.Gate;

namespace LeadSync.ZohoSimulator.Watch.Deliveries;

/// <summary>The answers to the latest deliveries.</summary>
internal sealed class DeliveryLog(Dials dials)
{
    private readonly ConcurrentQueue<Answered> latest = new();

    public void Note(Delivery delivery, string outcome, int? status)
    {
        foreach (var change in delivery.Events)
            latest.Enqueue(
                new(
                    $"{change.Lead.Id}", $"{delivery.Operation}", change.Lead.ModifiedTime, outcome, status,
                    TimeProvider.System.GetUtcNow()));
        while (latest.Count > dials.DeliveriesRemembered && latest.TryDequeue(out _))
        {
        }
    }

    public IResult Read() => ZohoJson.Answer(latest.ToArray());

    /// <param name="ModifiedTime">The lead's modified time after the announced change.</param>
    /// <param name="Outcome"><c>accepted</c> (2xx), <c>refused</c>, <c>timedOut</c> or <c>unreachable</c>.</param>
    /// <param name="Status">The HTTP status; null without an answer.</param>
    /// <param name="At">When the answer came, by the machine's clock.</param>
    private sealed record Answered(
        string Id, string Operation, DateTimeOffset ModifiedTime, string Outcome, int? Status, DateTimeOffset At);
}
