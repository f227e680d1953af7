using System.Text.Json;
using System.Text.Json.Serialization;
using LeadSync.ServiceDefaults.Access;
using LeadSync.ServiceDefaults.Presence;
using LeadSync.ServiceDefaults.Shutdown;

namespace LeadSync.Scheduler.Status;

internal static class StatusEndpoints
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2.5);

    public static void AddStatus(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<LeaderRow>();
        builder.Services.AddSingleton<SyncStatusRow>();
        builder.Services.AddSingleton<Freshness>();
        builder.Services.AddSingleton<StatusGauges>();
        builder.Services.AddSingleton<StatusReader>();
        builder.Services.AddSingleton<QueueDepths>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<QueueDepths>());
        builder.Services.AddSingleton<StatusWatch>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<StatusWatch>());
        builder.Services.ConfigureHttpJsonOptions(json =>
            json.SerializerOptions.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase)));
    }

    /// <summary>Serves the state of the sync, without lead data. Only callers with the right to read see who paused the sync.</summary>
    public static void MapStatus(this WebApplication app) => app.MapGet("/status", async (
        HttpContext http, StatusReader status, StatusWatch watch, AccessOptions access, TimeProvider clock, CancellationToken ct) =>
    {
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers["X-LeadSync-Version"] = ProgramVersion.Text;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(Patience);
        try
        {
            var report = await status.Read(patience.Token).WaitAsync(Patience, clock, ct);
            return Results.Ok(AccessRules.ReadRefusal(Sender.Of(http, access), access) is null ? report : report.WithoutNames());
        }
        catch (Exception e) when (!e.IsRequestedEnd(ct))
        {
            var now = clock.GetUtcNow();
            var trouble = watch.Current.TroubleReport
                ?? new StatusReading(watch.Current.Report, new Outage(
                    now, e is TimeoutException or OperationCanceledException ? "It does not answer." : e.GetBaseException().Message), now)
                    .TroubleReport;
            return Results.Json(trouble, statusCode: StatusCodes.Status503ServiceUnavailable);
        }
    });
}
