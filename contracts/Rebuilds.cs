namespace LeadSync.Contracts;

/// <summary>Asks the projector to compute the view again from its events, and to put the result in place of the present one.</summary>
/// <param name="Undo">Return instead to the view that the last rebuild replaced, with the changes since.</param>
/// <param name="AsOf">Build instead the view as of this moment (the database's clock), in a separate table. The present view
/// stays.</param>
/// <param name="Retype">The field for which a column of its present type in Zoho is added first.</param>
public sealed record RebuildView(Guid RebuildId, bool Undo = false, DateTimeOffset? AsOf = null, string? Retype = null);

/// <summary>The progress of a rebuild; published every few seconds.</summary>
/// <param name="Phase">The phase in words, for instance <c>folding</c>, <c>comparing</c> or <c>waiting for readers</c>.</param>
/// <param name="RowsDone">Leads folded.</param>
/// <param name="RowsTotal">Leads to be folded.</param>
/// <param name="RowsPerSecond">Leads folded a second so far.</param>
/// <param name="At">The projector's clock.</param>
public sealed record ViewRebuildProgressed(
    Guid RebuildId, string Phase, long RowsDone, long RowsTotal, double RowsPerSecond, DateTimeOffset At);

/// <summary>A rebuild is done.</summary>
/// <param name="Table">The table that now holds it, for instance <c>legacy.leads</c>.</param>
/// <param name="Rows">Living leads in it.</param>
/// <param name="Differences">Leads that differ from the view before; <c>projector.rebuild_differences</c> lists them.</param>
/// <param name="SwappedAt">The database's clock: when readers began to see it; null for a view as of a moment.</param>
public sealed record ViewRebuilt(Guid RebuildId, string Table, long Rows, long Differences, DateTimeOffset? SwappedAt);

/// <summary>A rebuild failed. The view is unchanged.</summary>
/// <param name="Reason">One plain sentence for the person on call, without lead data.</param>
public sealed record ViewRebuildFailed(Guid RebuildId, string Reason);
