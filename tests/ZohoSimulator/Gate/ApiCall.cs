namespace LeadSync.ZohoSimulator.Gate;

/// <summary>What the gate knows about an endpoint.</summary>
/// <param name="Kind">Its name in statistics and in <see cref="Dials.FaultKinds"/>.</param>
/// <param name="Credits">What a call costs at least.</param>
/// <param name="Scopes">What the token needs.</param>
internal sealed record ApiCall(string Kind, int Credits, IReadOnlyList<string> Scopes)
{
    public const string LeadsRead = "ZohoCRM.modules.leads.READ";
}

/// <summary>Marks endpoints that Zoho has a lower limit of concurrency for.</summary>
internal sealed record ExpensiveCall(Func<HttpRequest, bool> When);

internal static class ApiCallMetadata
{
    /// <summary>Puts an endpoint behind the gate.</summary>
    public static TBuilder Call<TBuilder>(this TBuilder endpoint, string kind, int credits, params string[] scopes)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new ApiCall(kind, credits, scopes));

    public static TBuilder Expensive<TBuilder>(this TBuilder endpoint, Func<HttpRequest, bool>? when = null)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new ExpensiveCall(when ?? (_ => true)));
}
