using LeadSync.Contracts;

namespace LeadSync.Gateway.CatchUps;

/// <summary>Whether reading modified leads one by one or in bulk is cheaper, by Zoho's price list.</summary>
internal static class CatchUpCost
{
    /// <summary>A catch-up that has to end lists and reads up to this many leads, although a bulk read would be cheaper: Zoho lists no
    /// more.</summary>
    public const int MaxLeadsWhateverTheCost = 100_000;

    /// <summary>Up to this number of leads, listing and reading them is cheaper than a bulk read.</summary>
    /// <param name="fields">The number of synced fields: each call shows some of them.</param>
    public static int MostLeads(int fields)
    {
        var callsPerBlock = Math.Max(1, (fields + ZohoLimits.FieldsPerCall - 1) / ZohoLimits.FieldsPerCall);
        var perLead = (1.0 / ZohoLimits.RowsPerPage) + ((double)callsPerBlock / ZohoLimits.IdsPerCall);
        // A bulk read costs the same for one lead and for 200,000.
        return Math.Min(ZohoLimits.RowsByPageNumber, (int)(ZohoLimits.BulkPageCredits / perLead));
    }
}
