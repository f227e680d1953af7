namespace LeadSync.Contracts;

/// <summary>Leads that may have changed: the gateway reads them from Zoho and publishes what Zoho shows.</summary>
/// <param name="Ids">Zoho's record ids, of leads that were created, modified or deleted.</param>
/// <param name="Source">The source of the announcement.</param>
/// <param name="AnnouncedAt">When they were announced: Zoho's clock, as far as the announcing service knows it.</param>
/// <param name="Attempt">0 at first. A lead that could not be read, or was read too early, is announced again.</param>
/// <param name="Origins">By id, for leads that were announced one by one and share this message. All others were announced at <paramref
/// name="AnnouncedAt"/>, in the message's own trace.</param>
/// <param name="Failures">How often the gateway failed to ask Zoho about them.</param>
public sealed record LeadsAnnounced(
    IReadOnlyList<string> Ids,
    Source Source,
    DateTimeOffset AnnouncedAt,
    int Attempt = 0,
    IReadOnlyDictionary<string, Origin>? Origins = null,
    int Failures = 0);

/// <summary>The time and trace of a lead's announcement.</summary>
/// <param name="AnnouncedAt">In Zoho's clock.</param>
/// <param name="TraceParent">The span in which it was announced, as W3C's <c>traceparent</c>; null when there was none.</param>
public sealed record Origin(DateTimeOffset AnnouncedAt, string? TraceParent);
