using System.Text.Json;
using LeadSync.Gateway.Credits;
using LeadSync.Gateway.Zoho.Tokens;

namespace LeadSync.Gateway.Zoho.Calls;

/// <summary>Makes calls of Zoho's API. One class for each of Zoho's APIs defines the calls.</summary>
internal interface IZohoCalls
{
    /// <summary>Makes a call and reads its answer, which is null when Zoho answers with nothing.</summary>
    /// <exception cref="ZohoException">Zoho did not do it, or did not answer.</exception>
    Task<T> Ask<T>(ZohoCall call, Func<JsonElement?, T> read, CancellationToken ct);
}

/// <summary>Makes every call of the gateway: with a token that works, within the budget, in its lane.</summary>
internal sealed class ZohoHttp(ZohoWire wire, AccessTokens tokens, CreditCount credits, ZohoLanes lanes, TimeProvider clock)
    : IZohoCalls
{
    /// <inheritdoc/>
    public Task<T> Ask<T>(ZohoCall call, Func<JsonElement?, T> read, CancellationToken ct) =>
        Ask(call, async (response, _, token) =>
        {
            using (response)
                return Read(read, await ZohoWire.Json(response, clock.GetUtcNow(), token));
        }, ct);

    /// <summary>Makes a call whose answer is not JSON.</summary>
    /// <param name="read">Gets the answer before its body is read, and disposes of the answer. It may keep the call's place until
    /// then.</param>
    /// <exception cref="ZohoException">Zoho did not do it, or did not answer.</exception>
    public Task<T> Ask<T>(ZohoCall call, Func<HttpResponseMessage, CallPlace, CancellationToken, Task<T>> read, CancellationToken ct) =>
        credits.IsUsedUp && call.Lane != Lane.Channel
            ? throw new ZohoException(ZohoErrorKind.OverBudget, "DAILY_CREDITS_USED")
            : lanes.Run(call, (place, token) => Attempt(call, (response, within) => read(response, place, within), token), ct);

    private async Task<T> Attempt<T>(ZohoCall call, Func<HttpResponseMessage, CancellationToken, Task<T>> read, CancellationToken ct)
    {
        var token = await tokens.Get(refused: null, ct);
        try
        {
            return await read(await Send(call, token, ct), ct);
        }
        catch (ZohoException e) when (e.Kind == ZohoErrorKind.Auth)
        {
            // A token can be revoked, or displaced by newer ones, before it expires. One new token repairs that, or nothing does.
            token = await tokens.Get(refused: token, ct);
        }

        try
        {
            return await read(await Send(call, token, ct), ct);
        }
        catch (ZohoException e) when (e.Kind == ZohoErrorKind.Auth)
        {
            await tokens.RefusedAlthoughNew(e);
            throw;
        }
    }

    private async Task<HttpResponseMessage> Send(ZohoCall call, AccessToken token, CancellationToken ct)
    {
        var (outcome, price) = (nameof(ZohoErrorKind.Unavailable), 0);
        try
        {
            var response = await wire.Send(call, token, ct);
            outcome = $"{(int)response.StatusCode}";
            if (ZohoWire.IsForeign(response))
                return response;

            price = CreditCount.Price(call.Credits, (int)response.StatusCode);
            credits.Answered(price, ZohoWire.CreditsLeft(response), response.IsSuccessStatusCode, clock.GetUtcNow());
            return response;
        }
        finally
        {
            GatewayMetrics.Call(call.Name, outcome, price);
        }
    }

    // An answer of another form is not the answer to this call.
    private static T Read<T>(Func<JsonElement?, T> read, JsonElement? body)
    {
        try
        {
            return read(body);
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException or JsonException or ArgumentException)
        {
            throw new ZohoException(ZohoErrorKind.Unavailable, "UNEXPECTED_ANSWER");
        }
    }
}
