namespace LeadSync.Contracts;

/// <summary>Asks the projector which living leads a full comparison did not show.</summary>
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
