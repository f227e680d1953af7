namespace LeadSync.Projector.BulkPages;

/// <summary>A page's file cannot be used, and nothing of it may be applied. The message says why and holds no lead data.</summary>
internal sealed class PageRejectedException(string reason, Exception? cause = null) : Exception(reason, cause);
