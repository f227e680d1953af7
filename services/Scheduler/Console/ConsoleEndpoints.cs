using LeadSync.Scheduler.Console.Fields;
using LeadSync.Scheduler.Console.Latency;
using LeadSync.Scheduler.Console.Leads;
using LeadSync.ServiceDefaults;
using LeadSync.ServiceDefaults.Access;
using LeadSync.ServiceDefaults.Health;

namespace LeadSync.Scheduler.Console;

/// <summary>The web page for the person who is responsible for the sync, and the data that the page reads.</summary>
internal static class ConsoleEndpoints
{
    private const int StepsPerPage = 25;
    private const int ShortestText = 2;
    private static readonly TimeSpan LongestPlot = TimeSpan.FromHours(24);

    public static void AddConsole(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton(ConsoleOptions.From(new Settings(builder.Configuration)));
        builder.Services.AddSingleton<ConsoleFiles>();
        builder.Services.AddSingleton<Runbooks>();
        builder.Services.AddSingleton<ChangeLatency>();
        builder.Services.AddSingleton<FieldList>();
        builder.Services.AddSingleton<LeadLookup>();
        builder.Services.AddSingleton<Orders.HeldLeads>();
        builder.Services.AddSingleton<Orders.ForgottenLeads>();
        builder.Services.AddSingleton<FieldHistory>();
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
            return TypedResults.ServerSentEvents(feed.Listen(ct));
        });
        console.MapGet("/latency", async (int? minutes, ChangeLatency latency, CancellationToken ct) =>
            TypedResults.Ok(await latency.Plot(Length(minutes), ct))).WithReadTimeout();
        console.MapGet("/fields", async (FieldList fields, CancellationToken ct) => TypedResults.Ok(await fields.Read(ct)))
            .WithReadTimeout();

        var leadData = console.MapGroup("/data/leads").AddEndpointFilter((call, next) =>
        {
            call.HttpContext.Response.Headers.CacheControl = "no-store";
            return next(call);
        });
        leadData.MapGet("/", Find);
        leadData.MapGet("/{id}", ReadLead);
        leadData.MapGet("/{id}/version", async (string id, LeadLookup leads, CancellationToken ct) =>
            TypedResults.Ok(new VersionAnswer(await leads.Version(id, ct))));
        leadData.MapGet("/{id}/timeline", ReadTimeline);
        leadData.MapGet("/{id}/fields/{field}", async (string id, string field, FieldHistory history, CancellationToken ct) =>
            await history.Explain(id, field, ct) is { } answer ? Results.Ok(answer) : Results.NotFound());
    }

    private static TimeSpan Length(int? minutes) =>
        TimeSpan.FromMinutes(Math.Clamp(minutes ?? 60, 1, (int)LongestPlot.TotalMinutes));

    private static async Task<IResult> Find(string? text, LeadLookup leads, CancellationToken ct)
    {
        if (text?.Trim() is not { Length: >= ShortestText } wanted)
            return Results.Text($"Write {ShortestText} letters or more.", statusCode: StatusCodes.Status400BadRequest);

        return await leads.Find(wanted, ct) is { } found
            ? Results.Ok(found)
            : Results.Text("Looking through all leads takes too long now: write the id, or try again.",
                statusCode: StatusCodes.Status503ServiceUnavailable);
    }

    /// <param name="asOf">This machine's clock: the lead as the view showed it then.</param>
    private static async Task<IResult> ReadLead(string id, DateTimeOffset? asOf, LeadLookup leads, CancellationToken ct)
    {
        var state = await leads.State(id, asOf?.ToUniversalTime(), beforeVersion: null, ct);
        return state.Version == 0 ? Results.NotFound() : Results.Ok(LeadAnswer.Of(id, state));
    }

    private static async Task<IResult> ReadTimeline(
        string id, long? before, LeadLookup leads, ConsoleOptions options, CancellationToken ct)
    {
        var events = await leads.Events(id, before, StepsPerPage, ct);
        if (events.Count == 0)
            return before is null ? Results.NotFound() : Results.Ok(new TimelineAnswer([], null));

        var first = events[0].Version;
        var start = first > 1 ? await leads.State(id, recordedBy: null, first, ct) : LeadState.Unknown;
        return Results.Ok(new TimelineAnswer(LeadTimeline.Of(start, events, options.TraceUrl), first > 1 ? first : null));
    }
}

/// <summary>A lead as the view shows or showed it.</summary>
/// <param name="Version">The number of the lead's events.</param>
internal sealed record LeadAnswer(
    string Id, long Version, bool Alive, DateTimeOffset? ModifiedTime, DateTimeOffset? DeletedAt,
    IReadOnlyDictionary<string, string?> Fields)
{
    public static LeadAnswer Of(string id, LeadState state) =>
        new(id, state.Version, state.IsAlive, state.ModifiedTime, state.IsAlive ? null : state.DeletedAt, state.Fields);
}

/// <param name="Version">The number of the lead's events; 0 when LeadSync has never seen it.</param>
internal sealed record VersionAnswer(long Version);

/// <param name="Before">The parameter for the next page; null when there is none.</param>
internal sealed record TimelineAnswer(IReadOnlyList<LeadStep> Steps, long? Before);
