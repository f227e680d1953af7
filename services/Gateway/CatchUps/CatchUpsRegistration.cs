namespace LeadSync.Gateway.CatchUps;

internal static class CatchUpsRegistration
{
    public static void AddCatchUps(this WebApplicationBuilder builder) =>
        builder.Services.AddSingleton<CatchUpReading>().AddSingleton<CatchUpReporting>();
}
