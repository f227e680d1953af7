using LeadSync.Scheduler.Parking;
using LeadSync.ServiceDefaults;
using LeadSync.ServiceDefaults.Access;
using LeadSync.ServiceDefaults.Health;
using LeadSync.ServiceDefaults.Network;

namespace LeadSync.Scheduler.Alerts;

internal static class AlertEndpoints
{
    private const int Shown = 50;

    public static void AddAlerts(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton(AlertOptions.From(new Settings(builder.Configuration)));
        builder.Services.AddHttpClient(AlertSender.Client).ConfigurePrimaryHttpMessageHandler(Outward.Handler);
        builder.Services.AddSingleton<AlertSender>();
        builder.Services.AddSingleton<AlertStore>();
        builder.Services.AddSingleton<AlertMemory>();
        builder.Services.AddHostedService<Alerting>();
    }

    public static void MapAlerts(this WebApplication app)
    {
        app.MapGet("/alerts", async (AlertStore alerts, AlertOptions options, CancellationToken ct) =>
            TypedResults.Ok(new AlertsAnswer([.. options.Targets], await alerts.List(Shown, ct)))).WithReadTimeout();
        app.MapPost("/alerts/{id:long}/acknowledge",
            async (long id, HttpContext http, string? reason, AlertStore alerts, Handled handled, TimeProvider clock,
                CancellationToken ct) =>
            await alerts.Acknowledge(id, Caller.Of(http).Name, clock.GetUtcNow(), ct)
                ? await handled.Note(http, $"Alert {id} was acknowledged.", reason, ct)
                : Results.Text($"No alert {id} is open.", statusCode: StatusCodes.Status404NotFound));
        app.MapPost("/alerts/test", async (HttpContext http, string? reason, AlertSender sender, AlertOptions options, Handled handled,
            TimeProvider clock, CancellationToken ct) =>
        {
            var message = AlertMessage.Test(clock.GetUtcNow(), options.ConsoleUrl);
            var sent = await Task.WhenAll(options.Targets.Select(
                async target => new TestResult(target, await sender.Send(target, message, ct))));
            await handled.Note(http, "A test alert was sent.", reason, ct);
            return TypedResults.Ok(sent);
        });
    }
}

/// <param name="Targets">The receivers of alerts; empty when there are none.</param>
internal sealed record AlertsAnswer(IReadOnlyList<string> Targets, IReadOnlyList<AlertReport> Alerts);

/// <param name="Trouble">Why it could not be sent; null when the target accepted it.</param>
internal sealed record TestResult(string Target, string? Trouble);
