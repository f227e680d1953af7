using LeadSync.ZohoSimulator.Control;
using LeadSync.ZohoSimulator.Gate;

namespace LeadSync.ZohoSimulator.Oauth;

/// <summary>The accounts host: <c>POST /oauth/v2/token</c> with the parameters in the form or in the query.</summary>
internal sealed class TokenEndpoint(SimulatorOptions options, Dials dials, AccessTokens tokens, Chance chance, Statistics statistics)
{
    public async Task<IResult> AnswerAsync(HttpRequest request)
    {
        statistics.Called("token");
        var form = request.HasFormContentType ? await request.ReadFormAsync() : null;
        string? Given(string name) => form?[name].FirstOrDefault() ?? request.Query[name].FirstOrDefault();

        if (Refusal(Given("grant_type"), Given("client_id"), Given("client_secret"), Given("refresh_token")) is { } error)
            return ZohoJson.Answer(new { error }, dials.TokenErrorsWithStatus200 ? 200 : 400);

        return tokens.Issue() is { } token
            ? Granted(token, dials.TokenApiDomain is "" ? $"{request.Scheme}://{request.Host}" : dials.TokenApiDomain)
            : TooMany();
    }

    private string? Refusal(string? grantType, string? clientId, string? clientSecret, string? refreshToken)
    {
        if (chance.Happens(dials.TokenErrorRate))
            return "general_error";
        if (grantType != "refresh_token")
            return "unsupported_grant_type";
        if (clientId != options.ClientId || clientSecret != options.ClientSecret)
            return "invalid_client";
        return refreshToken != options.RefreshToken || tokens.IsRevoked ? "invalid_code" : null;
    }

    private IResult Granted(string token, string self)
    {
        var reply = new Dictionary<string, object> { ["access_token"] = token, ["api_domain"] = self, ["token_type"] = "Bearer" };
        if (dials.TokenWithoutApiDomain)
            reply.Remove("api_domain");
        var seconds = (long)dials.TokenLife.TotalSeconds;
        if (dials.TokenReply == TokenReply.Modern)
            reply["expires_in"] = seconds;
        if (dials.TokenReply == TokenReply.Legacy)
            (reply["expires_in_sec"], reply["expires_in"]) = (seconds, seconds * 1000);
        return ZohoJson.Answer(reply);
    }

    private static IResult TooMany() => ZohoJson.Answer(
        new
        {
            error_description = "You have made too many requests continuously. Please try again after some time.",
            error = "Access Denied",
            status = "failure",
        },
        400);
}
