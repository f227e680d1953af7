namespace LeadSync.Contracts;

/// <summary>Asks the projector which living leads a complete bulk read did not show.</summary>
/// <param name="RunId">The run; all its pages are projected.</param>
/// <param name="StartedAt">Its first job's <c>created_time</c>: leads proven alive after that are not missing.</param>
/// <param name="MaximumShare">A share of the living leads, from 0 to 1. When more are missing, the projector holds the missing leads
/// back.</param>
/// <param name="Pages">The number of pages of the run. When the projector remembers fewer, it holds the missing leads back. Null when the
/// sender did not count them.</param>
public sealed record CompareLeads(Guid RunId, DateTimeOffset StartedAt, double MaximumShare = 1, int? Pages = null);

/// <summary>A run has been compared with the view. Leads that are missing in Zoho have been announced, to be confirmed one by
/// one.</summary>
/// <param name="Living">Living leads in the view.</param>
/// <param name="Missing">How many of them the run did not show.</param>
/// <param name="HeldBack">Too many leads are missing. The projector has not announced them, and an operator has to decide.</param>
public sealed record LeadsCompared(Guid RunId, int Living, int Missing, bool HeldBack = false);

/// <summary>Asks the projector to announce what it held back of a run; answered by <see cref="LeadsCompared"/>.</summary>
public sealed record AnnounceMissing(Guid RunId);

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
