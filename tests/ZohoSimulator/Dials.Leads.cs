using LeadSync.ZohoSimulator.Leads;

namespace LeadSync.ZohoSimulator;

internal sealed partial class Dials
{
    // Records, deleted records, COQL, count.

    /// <summary>Reads show a change only after this long.</summary>
    public TimeSpan ReadLag { get; set; }

    public int MaxIdsPerRead { get; set; } = 100;

    /// <summary>Zoho: text areas are cut to 500 characters in lists.</summary>
    public int ListTextLimit { get; set; } = 500;

    public TimeSpan PageTokenLife { get; set; } = TimeSpan.FromDays(1);

    /// <summary>204, 404 or 400.</summary>
    public int MissingRecordStatus { get; set; } = 204;

    /// <summary>A conditional read that finds nothing newer is answered 304, else 204.</summary>
    public bool NotModifiedStatus { get; set; } = true;

    public bool DeletedOldestFirst { get; set; }

    /// <summary>So many deleted records can be reached by <c>page</c>.</summary>
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

    /// <summary>Formulas move so often, without Modified_Time.</summary>
    public TimeSpan FormulaDriftEvery { get; set; }

    /// <summary>The share of leads whose formulas move.</summary>
    public double FormulaDriftShare { get; set; } = 0.01;

    /// <summary>Hidden time columns move so often, without Modified_Time.</summary>
    public TimeSpan HiddenTimesMoveEvery { get; set; }
}
