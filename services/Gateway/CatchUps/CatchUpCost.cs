using LeadSync.Gateway.Zoho;

namespace LeadSync.Gateway.CatchUps;

/// <summary>Which way of reading modified leads costs less, by Zoho's price list.</summary>
internal static class CatchUpCost
{
    /// <summary>Up to how many leads they are read one block after the other, although that costs more: as many as Zoho lists at all.</summary>
    public const int MaxLeadsWhateverTheCost = 100_000;

    /// <summary>Up to how many leads it is cheaper to list them and to read them one block after the other.</summary>
    /// <param name="fields">How many fields are synced: each call shows some of them.</param>
    public static int MostLeads(int fields)
    {
        var callsPerBlock = Math.Max(1, (fields + ZohoLimits.FieldsPerCall - 1) / ZohoLimits.FieldsPerCall);
        var perLead = (1.0 / ZohoLimits.RowsPerPage) + ((double)callsPerBlock / ZohoLimits.IdsPerCall);
        // A bulk read costs the same for one lead and for 200,000.
        return Math.Min(ZohoLimits.RowsByPageNumber, (int)(ZohoLimits.BulkPageCredits / perLead));
    }
}
