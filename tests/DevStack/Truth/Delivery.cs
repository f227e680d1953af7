namespace LeadSync.DevStack.Truth;

/// <summary>The answer to a notification, by the record of the simulated Zoho.</summary>
/// <param name="Id">The id of the lead.</param>
/// <param name="Operation"><c>Insert</c>, <c>Update</c> or <c>Delete</c>.</param>
/// <param name="ModifiedTime">The lead's modified time after that change.</param>
/// <param name="Outcome"><c>accepted</c> (2xx), <c>refused</c>, <c>timedOut</c> or <c>unreachable</c>.</param>
/// <param name="At">When the answer came.</param>
public sealed record Delivery(string Id, string Operation, DateTimeOffset ModifiedTime, string Outcome, int? Status, DateTimeOffset At)
{
    public bool IsAccepted => Outcome == "accepted";

    /// <summary>Whether a fault explains the refusal: no gateway answered, or it could not make the notification durable.</summary>
    public bool IsExplainedByFault => Status is null or 503;
}
