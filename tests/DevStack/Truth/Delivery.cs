namespace LeadSync.DevStack.Truth;

/// <summary>What was answered to a notification, as the simulated Zoho remembers it.</summary>
/// <param name="Id">The lead that it was about.</param>
/// <param name="Operation"><c>Insert</c>, <c>Update</c> or <c>Delete</c>.</param>
/// <param name="ModifiedTime">The lead's, as of that change.</param>
/// <param name="Outcome"><c>accepted</c> (2xx), <c>refused</c>, <c>timedOut</c> or <c>unreachable</c>.</param>
/// <param name="At">When the answer came.</param>
public sealed record Delivery(string Id, string Operation, DateTimeOffset ModifiedTime, string Outcome, int? Status, DateTimeOffset At)
{
    public bool IsAccepted => Outcome == "accepted";

    /// <summary>Whether a fault explains that it was not accepted: nobody was there to answer, or nothing could be made durable.</summary>
    public bool IsExplainedByFault => Status is null or 503;
}
