namespace LeadSync.Gateway.Zoho;

/// <summary>Who waits for a call's answer, and so which calls it may wait behind.</summary>
internal enum Lane
{
    /// <summary>Somebody's change, or the channel: what is read for catch-ups is never in its way.</summary>
    Live,

    /// <summary>Catch-ups, comparisons and bulk reads.</summary>
    Background,
}

/// <summary>One call of Zoho's API.</summary>
/// <param name="Name">What it is counted under.</param>
/// <param name="Path">With the query, below the API's host.</param>
internal sealed record ZohoCall(string Name, HttpMethod Method, string Path, Lane Lane)
{
    /// <summary>What is sent as JSON; null sends nothing.</summary>
    public object? Body { get; init; }

    /// <summary>The value of <c>If-Modified-Since</c>.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Its price in Zoho's list.</summary>
    public int Credits { get; init; } = ZohoLimits.CallCredits;

    /// <summary>Whether it is made although the day's credits are used up.</summary>
    public bool IsMadeOverBudget { get; init; }

    /// <summary>Whether making it twice does no harm.</summary>
    public bool IsRepeatable { get; init; } = true;

    /// <summary>Bodies and addresses hold secrets.</summary>
    public override string ToString() => Name;
}
