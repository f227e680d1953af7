namespace LeadSync.Gateway.Records;

internal static class RecordsRegistration
{
    public static void AddRecords(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<ZohoRecords>();
        builder.Services.AddSingleton<Hydration>();
        builder.Services.AddSingleton<LeadParking>();
    }
}
