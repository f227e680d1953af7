using System.Collections.Concurrent;
using LeadSync.ZohoSimulator.Gate;

namespace LeadSync.ZohoSimulator.Watch.Deliveries;

/// <summary>The answers to the latest deliveries.</summary>
internal sealed class DeliveryLog(Dials dials)
{
    private readonly ConcurrentQueue<Answered> _latest = new();

    public void Note(Delivery delivery, string outcome, int? status)
    {
        foreach (var change in delivery.Events)
            _latest.Enqueue(
                new(
                    $"{change.Lead.Id}", $"{delivery.Operation}", change.Lead.ModifiedTime, outcome, status,
                    TimeProvider.System.GetUtcNow()));
        while (_latest.Count > dials.DeliveriesRemembered && _latest.TryDequeue(out _))
        {
        }
    }

    public IResult Read() => ZohoJson.Answer(_latest.ToArray());

    /// <param name="ModifiedTime">The lead's modified time after the announced change.</param>
    /// <param name="Outcome"><c>accepted</c> (2xx), <c>refused</c>, <c>timedOut</c> or <c>unreachable</c>.</param>
    /// <param name="Status">The HTTP status; null without an answer.</param>
    /// <param name="At">When the answer came, by the machine's clock.</param>
    private sealed record Answered(
        string Id, string Operation, DateTimeOffset ModifiedTime, string Outcome, int? Status, DateTimeOffset At);
}
