using LeadSync.Scheduler.Console;
using LeadSync.ServiceDefaults.Health;

namespace LeadSync.Scheduler.Leads;

/// <summary>A lead, its events, and the origin of its values, for the console and the command line.</summary>
internal static class LeadEndpoints
{
    private const int StepsPerPage = 25;
    private const int ShortestText = 2;

    // The second path is the older one.
    private static readonly string[] Paths = ["/leads", "/console/data/leads"];

    public static void AddLeads(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<LeadLookup>();
        builder.Services.AddSingleton<FieldHistory>();
    }

    public static void MapLeads(this WebApplication app)
    {
        foreach (var path in Paths)
        {
            var leads = app.MapGroup(path).AddEndpointFilter((call, next) =>
            {
                call.HttpContext.Response.Headers.CacheControl = "no-store";
                return next(call);
            });
            leads.MapGet("/", Find).WithReadTimeout();
            leads.MapGet("/{id}", ReadLead).WithReadTimeout();
            leads.MapGet("/{id}/version", async (string id, LeadLookup lookup, CancellationToken ct) =>
                TypedResults.Ok(new VersionAnswer(await lookup.Version(id, ct)))).WithReadTimeout();
            leads.MapGet("/{id}/timeline", ReadTimeline).WithReadTimeout();
            leads.MapGet("/{id}/fields/{field}", async (string id, string field, FieldHistory history, CancellationToken ct) =>
                await history.Explain(id, field, ct) is { } answer ? Results.Ok(answer) : Results.NotFound()).WithReadTimeout();
        }
    }

    private static async Task<IResult> Find(string? text, LeadLookup leads, CancellationToken ct)
    {
        if (text?.Trim() is not { Length: >= ShortestText } wanted)
            return Results.Text($"Write {ShortestText} letters or more.", statusCode: StatusCodes.Status400BadRequest);

        return await leads.Find(wanted, ct) is { } found
            ? Results.Ok(found)
            : Results.Text("Looking through all leads takes too long now: write the id, or try again.",
                statusCode: StatusCodes.Status503ServiceUnavailable);
    }

    /// <param name="asOf">The database's clock: the lead as the view showed it then.</param>
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
