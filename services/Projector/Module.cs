namespace LeadSync.Projector;

/// <summary>
/// A module of Zoho, and every name that it has in the database. A second module would be a second value, with a schema of its own: its
/// own events, positions, registers and locks.
/// </summary>
/// <param name="ApiName">Zoho's name of the module.</param>
/// <param name="View">The table in the schema <c>legacy</c> that lists the living records.</param>
/// <param name="Deleted">The table in the schema <c>legacy</c> that lists the others.</param>
/// <param name="Schema">The schema of Marten's tables and of the registers.</param>
/// <param name="Record">One record in small letters: the beginning of the names of streams and event types.</param>
internal sealed record Module(string ApiName, string View, string Deleted, string Schema, string Record)
{
    public static Module Leads { get; } = new("Leads", "leads", "deleted_leads", "projector", "lead");

    /// <summary>The registers of the merge rule, one row a record.</summary>
    public string Registers => $"{Schema}.{View}";

    public string Streams => $"{Schema}.mt_streams";

    public string Events => $"{Schema}.mt_events";

    public string Sequence => $"{Schema}.mt_events_sequence";

    /// <summary>The beginning of every stream's name; the record's id follows.</summary>
    public string Prefix => $"{Record}-";

    /// <summary>The stored name of <see cref="Leads.LeadSeen"/>.</summary>
    public string Seen => $"{Record}_seen";

    /// <summary>The stored name of <see cref="Leads.LeadGone"/>.</summary>
    public string Gone => $"{Record}_gone";

    /// <summary>The advisory lock for adding columns to the view.</summary>
    public string ColumnsLock => $"legacy.{View}";

    /// <summary>The advisory lock for rebuilding or checking the view.</summary>
    public string RebuildLock => Schema == "projector" ? "leadsync.rebuild" : $"leadsync.rebuild.{Schema}";

    public string Stream(string id) => Prefix + id;

    /// <summary>SQL: the record's id, from the name of its stream.</summary>
    public string Id(string stream) => $"substr({stream}, {Prefix.Length + 1})";

    /// <summary>SQL: the name of a record's stream, from the record's id.</summary>
    public string StreamOf(string id) => $"'{Prefix}' || {id}";
}
