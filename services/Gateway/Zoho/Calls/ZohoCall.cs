using LeadSync.Contracts;

namespace LeadSync.Gateway.Zoho.Calls;

/// <summary>The kind of a call. It decides behind which other calls the call may wait.</summary>
internal enum Lane
{
    /// <summary>Calls that keep the channel. No other call delays them, and they are made although the day's credits are used up: without
    /// the channel no notification arrives, and the missed changes cost far more.</summary>
    Channel,

    /// <summary>A user's change. Readings for catch-ups never delay it.</summary>
    Live,

    /// <summary>Catch-ups, comparisons and bulk reads.</summary>
    Background,
}

/// <summary>One call of Zoho's API.</summary>
/// <param name="Name">The name in metrics and logs.</param>
/// <param name="Path">The path and query below the API's host.</param>
internal sealed record ZohoCall(string Name, HttpMethod Method, string Path, Lane Lane)
{
    /// <summary>The JSON to send; null sends nothing.</summary>
    public object? Body { get; init; }

    /// <summary>The value of <c>If-Modified-Since</c>.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>The call's price in Zoho's list.</summary>
    public int Credits { get; init; } = ZohoLimits.CallCredits;

    /// <summary>Whether repeating the call does no harm.</summary>
    public bool IsRepeatable { get; init; } = true;

    /// <summary>Bodies and addresses hold secrets.</summary>
    public override string ToString() => Name;
}
