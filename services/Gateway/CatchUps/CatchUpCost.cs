namespace LeadSync.Gateway.CatchUps;

/// <summary>Which way of reading modified leads costs less, by Zoho's price list.</summary>
internal static class CatchUpCost
{
    /// <summary>Up to how many leads they are read one block after the other, although that costs more: as many as Zoho lists at all.</summary>
    public const int MostLeadsAtAnyPrice = 100_000;

    // 50 for the job, a few for its status, one for the file; the same for one lead and for 200,000.
    private const int BulkRead = 56;
    private const int LeadsPerList = 200;
    private const int LeadsPerRead = 50;
    private const int FieldsPerRead = 48;

    // Zoho: pages by number reach the first 2,000 rows.
    private const int Reach = 2_000;

    /// <summary>Up to how many leads it is cheaper to list them and to read them one block after the other.</summary>
    /// <param name="fields">How many fields are synced: each call shows some of them.</param>
    public static int MostLeads(int fields)
    {
        var callsPerBlock = Math.Max(1, (fields + FieldsPerRead - 1) / FieldsPerRead);
        var perLead = (1.0 / LeadsPerList) + ((double)callsPerBlock / LeadsPerRead);
        return Math.Min(Reach, (int)(BulkRead / perLead));
    }
}
