namespace LeadSync.Gateway.BulkReads;

internal static class BulkReadsRegistration
{
    public static void AddBulkReads(this WebApplicationBuilder builder) =>
        builder.Services.AddSingleton<IBulkJobStore, BulkJobStore>().AddSingleton<BulkReading>().AddSingleton<BulkJobs>()
            .AddSingleton<BulkCallback>();
}
