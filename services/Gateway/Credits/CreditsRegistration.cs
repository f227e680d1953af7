namespace LeadSync.Gateway.Credits;

internal static class CreditsRegistration
{
    public static void AddCredits(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<CreditCount>();
        builder.Services.AddHostedService<CreditRecorder>();
    }
}
