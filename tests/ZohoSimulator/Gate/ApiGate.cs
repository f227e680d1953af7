using LeadSync.ZohoSimulator.Control;
using LeadSync.ZohoSimulator.Oauth;

namespace LeadSync.ZohoSimulator.Gate;

/// <summary>The checks of every API call: token, scopes, limits, faults.</summary>
internal sealed class ApiGate(
    AccessTokens tokens, Scopes scopes, Credits credits, Concurrency concurrency, Faults faults, Statistics statistics) : IMiddleware
{
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<ApiCall>() is not { } call)
        {
            await next(context);
            return;
        }

        statistics.Called(call.Kind);
        tokens.Require(context.Request.Headers.Authorization);
        scopes.Require(call);
        using var place = concurrency.Enter();
        var expensive = context.GetEndpoint()?.Metadata.GetMetadata<ExpensiveCall>()?.When(context.Request) == true;
        using var rarePlace = expensive ? concurrency.EnterExpensive() : null;
        credits.Charge(call.Credits);
        credits.ShowRemaining(context.Response.Headers);
        if (!await faults.StrikeAsync(call, context))
            await next(context);
    }
}
