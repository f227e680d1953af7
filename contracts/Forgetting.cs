namespace LeadSync.Contracts;

/// <summary>
/// Asks the projector to forget a person. The projector removes the person's data from the lead's events, views and parked items for ever,
/// and shows the lead as deleted.
/// </summary>
/// <param name="Reason">Why, in the operator's words, without the person's data.</param>
/// <param name="By">The operator.</param>
/// <param name="UntilSeenAgain">Whether the lead comes back when Zoho shows it after <paramref name="OrderedAt"/>. Otherwise the projector
/// never applies anything of the lead again.</param>
public sealed record ForgetLead(string Id, string Reason, string By, DateTimeOffset OrderedAt, bool UntilSeenAgain = false);
