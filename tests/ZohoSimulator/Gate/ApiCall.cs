namespace LeadSync.ZohoSimulator.Gate;

/// <summary>The gate's settings for an endpoint.</summary>
/// <param name="Kind">The endpoint's name in statistics and in <see cref="Dials.FaultKinds"/>.</param>
/// <param name="Credits">The least price of a call.</param>
/// <param name="Scopes">The scopes that the token needs.</param>
internal sealed record ApiCall(string Kind, int Credits, IReadOnlyList<string> Scopes)
{
    public const string LeadsRead = "ZohoCRM.modules.leads.READ";
}

/// <summary>Marks endpoints with a lower limit of concurrency.</summary>
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
