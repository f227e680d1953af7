namespace LeadSync.Contracts;

/// <summary>
/// Asks the projector to forget a person: what the lead's events, views and parked items hold of them goes for ever, and the lead is shown as deleted.
/// </summary>
/// <param name="Reason">Why, in the words of whoever ordered it; holds nothing of the person.</param>
/// <param name="By">Who ordered it.</param>
/// <param name="UntilSeenAgain">Whether the lead comes back when Zoho shows it after <paramref name="OrderedAt"/>; otherwise nothing of it is ever applied again.</param>
public sealed record ForgetLead(string Id, string Reason, string By, DateTimeOffset OrderedAt, bool UntilSeenAgain = false);
