namespace LeadSync.ZohoSimulator.Oauth;

internal static class OauthRegistration
{
    public static void AddOauth(this IServiceCollection services)
    {
        services.AddSingleton<AccessTokens>();
        services.AddSingleton<Scopes>();
        services.AddSingleton<TokenEndpoint>();
    }

    public static void MapOauth(this WebApplication app) =>
        app.MapPost("/oauth/v2/token", (TokenEndpoint endpoint, HttpRequest request) => endpoint.AnswerAsync(request));
}
