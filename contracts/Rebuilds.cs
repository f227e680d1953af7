namespace LeadSync.Contracts;

/// <summary>Asks the projector to build the view anew from its events, beside the one that is read, and to exchange the two.</summary>
/// <param name="Undo">Go back instead to the view that the last exchange replaced, with what has changed since.</param>
/// <param name="AsOf">Build instead the view as it was at this moment, our clock, in a table of its own name; nothing is exchanged.</param>
/// <param name="Retype">The field that gets a further column first, of the type that it has in Zoho by now.</param>
public sealed record RebuildView(Guid RebuildId, bool Undo = false, DateTimeOffset? AsOf = null, string? Retype = null);

/// <summary>How far a rebuild is; published every few seconds.</summary>
/// <param name="Phase">For people, for instance <c>folding</c>, <c>comparing</c> or <c>waiting for readers</c>.</param>
/// <param name="RowsDone">Leads folded.</param>
/// <param name="RowsTotal">Leads to be folded.</param>
/// <param name="RowsPerSecond">Leads folded a second so far.</param>
/// <param name="At">The projector's clock.</param>
public sealed record ViewRebuildProgressed(Guid RebuildId, string Phase, long RowsDone, long RowsTotal, double RowsPerSecond, DateTimeOffset At);

/// <summary>A rebuild is done.</summary>
/// <param name="Table">The table that now holds it, for instance <c>legacy.leads</c>.</param>
/// <param name="Rows">Living leads in it.</param>
/// <param name="Differences">Leads in which it differs from the view that was read before; <c>projector.rebuild_differences</c> lists them.</param>
/// <param name="SwappedAt">When readers began to see it, the database's clock; null for a view as it was.</param>
public sealed record ViewRebuilt(Guid RebuildId, string Table, long Rows, long Differences, DateTimeOffset? SwappedAt);

/// <summary>A rebuild ended without result; the view that is read is as it was.</summary>
/// <param name="Reason">One plain sentence for the person on call, without lead data.</param>
public sealed record ViewRebuildFailed(Guid RebuildId, string Reason);
