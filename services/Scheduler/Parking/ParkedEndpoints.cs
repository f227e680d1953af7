namespace LeadSync.Scheduler.Parking;

internal static class ParkedEndpoints
{
    private const int MostPerPage = 1000;

    public static void AddParked(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<Parked>();
        builder.Services.AddSingleton<ParkedMessages>();
        builder.Services.AddSingleton<Replay>();
    }

    /// <summary>What could not be processed, and what an operator can do about it.</summary>
    public static void MapParked(this WebApplication app)
    {
        app.MapGet("/parked", async (Parked parked, long? before, int? limit, CancellationToken ct) =>
        {
            var items = await parked.List(before, Math.Clamp(limit ?? 100, 1, MostPerPage), ct);
            return TypedResults.Ok(new ParkedPage(items, items.Count == 0 ? null : items[^1].Id));
        });
        app.MapPost("/parked/{id:long}/replay", async (long id, Replay replay, CancellationToken ct) =>
            await replay.One(id, ct) switch
            {
                true => Results.Accepted(),
                false => Results.Text("Its queue does not exist: start the service that reads it, or drop it.", statusCode: StatusCodes.Status409Conflict),
                null => NotParked(id),
            });
        app.MapPost("/parked/{id:long}/drop", async (long id, Parked parked, CancellationToken ct) =>
            await parked.Drop(id, ct) == 1 ? Results.Accepted() : NotParked(id));
        app.MapPost("/parked/replay", async (Replay replay, CancellationToken ct) =>
        {
            await replay.All(ct);
            return Results.Accepted();
        });
        app.MapPost("/parked/drop", async (Parked parked, CancellationToken ct) =>
        {
            await parked.Drop(id: null, ct);
            return Results.Accepted();
        });
    }

    private static IResult NotParked(long id) => Results.Text($"Nothing is parked under {id}.", statusCode: StatusCodes.Status404NotFound);
}

/// <param name="Next">To be given as <c>before</c> for the page that follows; null when this one is empty.</param>
internal sealed record ParkedPage(IReadOnlyList<ParkedEntry> Items, long? Next);
