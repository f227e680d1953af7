using LeadSync.Scheduler.Console.Fields;
using LeadSync.Scheduler.Console.Latency;
using LeadSync.ServiceDefaults;
using LeadSync.ServiceDefaults.Access;
using LeadSync.ServiceDefaults.Health;

namespace LeadSync.Scheduler.Console;

/// <summary>The web page for the person who is responsible for the sync, and the data that the page reads.</summary>
internal static class ConsoleEndpoints
{
    private static readonly TimeSpan LongestPlot = TimeSpan.FromHours(24);

    public static void AddConsole(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton(ConsoleOptions.From(new Settings(builder.Configuration)));
        builder.Services.AddSingleton<ConsoleFiles>();
        builder.Services.AddSingleton<Runbooks>();
        builder.Services.AddSingleton<ChangeLatency>();
        builder.Services.AddSingleton<FieldList>();
        builder.Services.AddSingleton<ConsoleFeed>();
        builder.AddAccess();
    }

    public static void MapConsole(this WebApplication app)
    {
        app.MapGet("/", (HttpContext http, ConsoleFiles files) => files.Answer(http, "index.html"));
        app.MapGet("/runbooks", (HttpContext http, Runbooks runbooks) => runbooks.Answer(http));
        var console = app.MapGroup("/console");
        console.MapGet("/leads/{id}", (HttpContext http, ConsoleFiles files) => files.Answer(http, "lead.html"));
        console.MapGet("/files/{name}", (HttpContext http, string name, ConsoleFiles files) => files.Answer(http, name));

        console.MapConsoleAccess();
        console.MapGet("/events", (HttpContext http, ConsoleFeed feed, CancellationToken ct) =>
        {
            // By default, nginx keeps a streamed answer until its buffer is full.
            http.Response.Headers["X-Accel-Buffering"] = "no";
            return TypedResults.ServerSentEvents(feed.Follow(ct));
        });
        console.MapGet("/latency", async (int? minutes, ChangeLatency latency, CancellationToken ct) =>
            TypedResults.Ok(await latency.Plot(Length(minutes), ct))).WithReadTimeout();
        console.MapGet("/fields", async (FieldList fields, CancellationToken ct) => TypedResults.Ok(await fields.Read(ct)))
            .WithReadTimeout();
    }

    private static TimeSpan Length(int? minutes) =>
        TimeSpan.FromMinutes(Math.Clamp(minutes ?? 60, 1, (int)LongestPlot.TotalMinutes));
}
