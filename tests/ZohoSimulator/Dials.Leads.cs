using LeadSync.ZohoSimulator.Fields;
using LeadSync.ZohoSimulator.Leads;

namespace LeadSync.ZohoSimulator;

internal sealed partial class Dials
{
    // Records, deleted records, COQL, count.

    /// <summary>Reads show a change only after this long.</summary>
    public TimeSpan ReadLag { get; set; }

    /// <summary>Lists, searches and COQL show a change only after this long, if that is longer.</summary>
    public TimeSpan ListLag { get; set; }

    public int MaxIdsPerRead { get; set; } = 100;

    /// <summary>Zoho: rich texts are cut to 500 characters in lists.</summary>
    public int ListTextLimit { get; set; } = 500;

    /// <summary>Single reads cut rich texts too. Zoho does not document it; it is likely.</summary>
    public int SingleTextLimit { get; set; } = 500;

    /// <summary>Other text areas are cut like rich texts.</summary>
    public bool PlainTextsAreCut { get; set; }

    /// <summary>Whether answers contain displayed or stored names.</summary>
    public Spelling JsonPicklists { get; set; }

    /// <summary>Comma-separated fields that lists leave out although they were requested.</summary>
    public string ListsLeaveOut { get; set; } = "";

    /// <summary>The share of leads that wait for an approval.</summary>
    public double LeadsInApproval { get; set; }

    /// <summary>
    /// What lists show without the parameter <c>approved</c>: <c>true</c> only approved leads, <c>both</c> all.
    /// Zoho no longer documents the default.
    /// </summary>
    public string ListsApproved { get; set; } = "both";

    /// <summary>Lists and single reads refuse the parameter <c>approved</c>, which later versions do not document.</summary>
    public bool ApprovedIsRefused { get; set; }

    /// <summary>The call for full texts gets 404.</summary>
    public bool FullTextsAreRefused { get; set; }

    public TimeSpan PageTokenLife { get; set; } = TimeSpan.FromDays(1);

    /// <summary>204, 404 or 400.</summary>
    public int MissingRecordStatus { get; set; } = 204;

    /// <summary>A conditional read that finds nothing newer gets 304; otherwise 204.</summary>
    public bool NotModifiedStatus { get; set; } = true;

    public bool DeletedOldestFirst { get; set; }

    /// <summary>The list of deleted records leaves out the first second of the requested span. Zoho: "modified after".</summary>
    public bool DeletedSinceIsExclusive { get; set; }

    /// <summary>The list of deleted records is filtered by Modified_Time instead of deleted_time. Zoho does not document which.</summary>
    public bool DeletedSinceIsModified { get; set; }

    /// <summary>Errors of the list of deleted records come bare instead of inside <c>data</c>. Zoho's sources disagree.</summary>
    public bool DeletedErrorsAreBare { get; set; }

    /// <summary>The number of deleted records that <c>page</c> reaches.</summary>
    public int DeletedReach { get; set; }

    /// <summary>Purging a record from the recycle bin gives it a new deleted_time.</summary>
    public bool PurgeMovesDeletedTime { get; set; }

    public bool CoqlIncludesConverted { get; set; } = true;

    /// <summary>Sources say 50, 200 or 500.</summary>
    public int CoqlColumns { get; set; } = 50;

    /// <summary>Zoho: more than two conditions need brackets pairwise.</summary>
    public bool CoqlPairwiseBrackets { get; set; } = true;

    /// <summary>Zoho: statistics lag 1 to 10 minutes.</summary>
    public TimeSpan CountLag { get; set; } = TimeSpan.FromMinutes(1);

    // What happens to leads.

    public Announce ConvertAnnounces { get; set; } = Announce.Update;

    public bool ConvertMovesModifiedTime { get; set; } = true;

    public Announce RestoreAnnounces { get; set; }

    public bool RestoreMovesModifiedTime { get; set; }

    public bool MergeAnnounces { get; set; } = true;

    public bool MassUpdateAnnounces { get; set; } = true;

    /// <summary>An update that changes nothing gives a new Modified_Time.</summary>
    public bool EmptyUpdateMovesModifiedTime { get; set; } = true;

    /// <summary>Changes of leads that the user may not see are announced too.</summary>
    public bool InvisibleLeadsAreAnnounced { get; set; } = true;

    /// <summary>The interval at which formulas change, without Modified_Time.</summary>
    public TimeSpan FormulaDriftEvery { get; set; }

    /// <summary>The share of leads whose formulas change.</summary>
    public double FormulaDriftShare { get; set; } = 0.01;

    /// <summary>The interval at which hidden time columns change, without Modified_Time.</summary>
    public TimeSpan HiddenTimesMoveEvery { get; set; }

    public bool IsApproved(Lead lead) => !Hash.Among(Hash.Of(lead.Root ^ 0xA9), LeadsInApproval);

    public bool IsInvisible(Lead lead) => InvisibleLeads > 0 && Hash.Among(lead.Root, InvisibleLeads);
}
