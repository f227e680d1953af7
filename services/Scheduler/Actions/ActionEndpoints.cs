using LeadSync.Contracts;
using LeadSync.Scheduler.Parking;
using LeadSync.Scheduler.Planning;
using LeadSync.Scheduler.Recording;
using LeadSync.Scheduler.Status;
using LeadSync.ServiceDefaults.Access;
using LeadSync.ServiceDefaults.Bus;
using LeadSync.ServiceDefaults.Health;

namespace LeadSync.Scheduler.Actions;

/// <summary>The actions that an operator can start. Each is recorded with its author and reason, and the plan carries it out.</summary>
internal static class ActionEndpoints
{
    private const int LongestReason = 500;
    private const int LongestId = 32;

    // Zoho's ids are longer than this. A shorter number may be a part of one.
    private const int ShortestUnknownId = 15;

    public static void AddActions(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<HeldLeads>();
        builder.Services.AddSingleton<ForgottenLeads>();
    }

    public static void MapActions(this WebApplication app)
    {
        app.MapPost("/catch-up", (HttpContext http, string? reason, SyncLog log, StatusWatch watch, SchedulerOptions options,
            TimeProvider clock, CancellationToken ct) =>
            Start(http, log, watch, options, clock, (id, by, now) => new CatchUpRequested(now, id, by, Short(reason)),
                Postponed.CatchUp, ct));
        app.MapPost("/full-comparison", (HttpContext http, string? reason, SyncLog log, StatusWatch watch, SchedulerOptions options,
            TimeProvider clock, CancellationToken ct) =>
            Start(http, log, watch, options, clock, (id, by, now) => new FullComparisonRequested(now, id, by, Short(reason)),
                Postponed.FullComparison, ct));
        app.MapPost("/full-comparison/release", (
            HttpContext http, string? reason, int? missing, SyncLog log, StatusWatch watch, TimeProvider clock, CancellationToken ct) =>
            Decide(http, log, watch, clock, held => Unconfirmed(held.Missing, missing),
                (run, by, now) => new HeldComparisonReleased(run, now, by, Short(reason)), ct));
        app.MapPost("/full-comparison/drop", (
            HttpContext http, string? reason, SyncLog log, StatusWatch watch, TimeProvider clock, CancellationToken ct) =>
            Decide(http, log, watch, clock, _ => null, (run, by, now) => new HeldComparisonDropped(run, now, by, Short(reason)), ct));
        app.MapPost("/rebuild", StartRebuild);
        app.MapPost("/retype", (
            HttpContext http, string field, string? reason, SyncLog log, StatusWatch watch, TimeProvider clock, CancellationToken ct) =>
            RecordRebuild(new(false, null, clock.GetUtcNow(), Caller.Of(http).Name, Short(reason), field), log, watch, ct));
        app.MapPost("/pause", async (HttpContext http, string? reason, SyncLog log, TimeProvider clock, CancellationToken ct) =>
        {
            await log.Record([new SyncPaused(clock.GetUtcNow(), Caller.Of(http).Name, Short(reason))], ct);
            return Results.Accepted(value: new ActionAnswer(null, null));
        });
        app.MapPost("/resume", async (
            HttpContext http, string? reason, SyncLog log, StatusWatch watch, TimeProvider clock, CancellationToken ct) =>
        {
            await log.Record([new SyncResumed(clock.GetUtcNow(), Caller.Of(http).Name, Short(reason))], ct);
            return Results.Accepted(value: new ActionAnswer(null, Standstill(watch.Current.Report?.Reasons)));
        });
        app.MapPost("/forget/{id}", Forget).NeedsBroker();
        app.MapPost(
            "/feed/replay",
            async (HttpContext http, string? reason, Publish publish, Handled handled, TimeProvider clock, CancellationToken ct) =>
        {
            await publish(new ReplayChanges(clock.GetUtcNow()), ct);
            return await handled.Note(
                http, "An operator asked to send again the changes that the webhook's receiver had refused.", reason, ct);
        }).NeedsBroker();
        app.MapGet("/forgotten/{id}", async (string id, ForgottenLeads forgotten, CancellationToken ct) =>
            await forgotten.Find(id, ct) is { } lead ? Results.Ok(lead) : Results.NotFound()).WithReadTimeout();
        app.MapGet("/full-comparison/held", async (HeldLeads held, CancellationToken ct) => TypedResults.Ok(await held.List(ct)))
            .WithReadTimeout();
    }

    public static string? Short(string? reason) => string.IsNullOrWhiteSpace(reason) ? null
        : reason.Trim() is { Length: > LongestReason } text ? text[..LongestReason] : reason.Trim();

    private static async Task<IResult> Start(
        HttpContext http, SyncLog log, StatusWatch watch, SchedulerOptions options, TimeProvider clock,
            Func<Guid, string, DateTimeOffset, object> request, Postponed kind, CancellationToken ct)
    {
        var (id, now) = (Guid.NewGuid(), clock.GetUtcNow());
        await log.Record([request(id, Caller.Of(http).Name, now)], ct);
        var (state, _) = await log.Read(ct);
        return Results.Accepted(value: new ActionAnswer(
            id, Standstill(watch.Current.Report?.Reasons) ?? Obstacle(state, options, kind, now)));
    }

    /// <summary>Refuses, while RabbitMQ cannot be reached, an action that is a message and is recorded nowhere else.</summary>
    public static void NeedsBroker(this RouteHandlerBuilder action) => action.AddEndpointFilter(async (call, next) =>
        call.HttpContext.RequestServices.GetRequiredService<QueueDepths>().Outage is { } outage
            ? OutageAnswer.For(call.HttpContext, Unsent(outage)) : await next(call));

    public static string Unsent(Outage outage) =>
        $"Nothing was done: RabbitMQ has been unreachable since {outage.Since.UtcDateTime:HH:mm:ss} UTC ({outage.Why.TrimEnd('.')}). "
            + "See that it runs, and start the action again.";

    /// <summary>Why nobody carries out any action now; null when somebody does. The action is recorded, and needs no repetition.</summary>
    public static string? Standstill(IEnumerable<Reason>? reasons) => reasons?.FirstOrDefault(reason =>
        reason.Kind is ReasonKind.NoLeader or ReasonKind.LeaderHangs or ReasonKind.BrokerDown or ReasonKind.ServiceDown) is { } reason
        ? $"{reason.Text.TrimEnd('.')}. It begins when that is mended." : null;

    /// <summary>Why the plan does not start an action now; null when it does.</summary>
    public static string? Obstacle(SyncState state, SchedulerOptions options, Postponed kind, DateTimeOffset now) => state switch
    {
        { IsPaused: true } => "The sync is paused: it begins after `resume`.",
        { LastFullRead: null } => "The first read of every lead has not ended: it comes first.",
        _ when CreditPlan.Postponed(state, options, now).Contains(kind) =>
            $"API credits are short: it begins when there are more{First(state)}.",
        { CatchUps.TooLargeSince: not null } when kind == Postponed.CatchUp =>
            CreditPlan.Postponed(state, options, now).Contains(Postponed.BulkRead)
                ? "Too much was modified for a catch-up: it begins after a bulk read, which waits until there are more API "
                    + $"credits{First(state)}."
                : "Too much was modified for a catch-up: it begins after the bulk read that takes its place.",
        { CatchUps.Current: not null } when kind == Postponed.CatchUp => "Another catch-up is under way: it begins after that one.",
        { Run: not null } when kind == Postponed.FullComparison => "Another bulk read is under way: it begins after that one.",
        _ => null,
    };

    private static string First(SyncState state) =>
        state.Credits?.ResetsAt is { } at ? $", the first at {at.UtcDateTime:HH:mm} UTC" : "";

    /// <summary>Refuses to release a comparison before the operator has confirmed how many leads it may remove; null when the operator
    /// has.</summary>
    public static IResult? Unconfirmed(long missing, int? confirmed) => confirmed switch
    {
        null => Refused(StatusCodes.Status400BadRequest,
            $"The comparison that is held back would remove {missing} leads: confirm that number with missing={missing}."),
        { } seen when seen != missing => Refused(StatusCodes.Status409Conflict,
            $"The comparison that is held back is about {missing} leads, not {seen}: look at it again."),
        _ => null,
    };

    private static async Task<IResult> Decide(
        HttpContext http, SyncLog log, StatusWatch watch, TimeProvider clock, Func<HeldComparison, IResult?> refuse,
            Func<Guid, string, DateTimeOffset, object> request, CancellationToken ct)
    {
        if ((await log.Read(ct)).State.HeldComparison is not { } held)
            return Refused(StatusCodes.Status409Conflict, "No comparison is held back.");
        if (refuse(held) is { } refusal)
            return refusal;

        await log.Record([request(held.RunId, Caller.Of(http).Name, clock.GetUtcNow())], ct);
        return Results.Accepted(value: new ActionAnswer(held.RunId, Standstill(watch.Current.Report?.Reasons)));
    }

    /// <param name="undo">Return to the view before the last rebuild.</param>
    /// <param name="asOf">Build the view as of this moment, in a separate table.</param>
    private static async Task<IResult> StartRebuild(
        HttpContext http, bool? undo, DateTimeOffset? asOf, string? reason, SyncLog log, StatusWatch watch, TimeProvider clock,
        CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        if (undo is true && asOf is not null)
            return Refused(StatusCodes.Status400BadRequest, "Either undo the last rebuild, or build the view as it was: not both at once.");
        if (asOf > now)
            return Refused(StatusCodes.Status400BadRequest, "asOf is in the future: name a moment that has passed.");

        return await RecordRebuild(new(undo is true, asOf?.ToUniversalTime(), now, Caller.Of(http).Name, Short(reason)), log, watch, ct);
    }

    /// <summary>Forgets a person. This cannot be undone, so it needs a reason. The projector carries it out as soon as it runs.</summary>
    private static async Task<IResult> Forget(
        HttpContext http, string id, string? reason, bool? untilSeenAgain, bool? unknown, ForgottenLeads forgotten, Publish publish,
        Handled handled, TimeProvider clock, CancellationToken ct)
    {
        if (id.Length > LongestId || !id.All(char.IsAsciiDigit))
            return Refused(StatusCodes.Status400BadRequest, "That is no lead's id: Zoho's ids are made of digits.");
        if (Short(reason) is not { } why)
            return Refused(StatusCodes.Status400BadRequest, "Say why, for the log, and without anything about the person: reason=…");
        if (!await forgotten.Knows(id, ct) && (unknown is not true || id.Length < ShortestUnknownId))
            return Refused(StatusCodes.Status400BadRequest, id.Length < ShortestUnknownId
                ? $"LeadSync knows no lead {id}, and Zoho's ids are longer: give the whole id."
                : $"LeadSync knows no lead {id}: check the id. To keep out a lead that LeadSync has never read: unknown=true (--unknown).");

        await publish(new ForgetLead(id, why, Caller.Of(http).Name, clock.GetUtcNow(), untilSeenAgain is true), ct);
        return await handled.Note(http, $"An operator asked to forget lead {id}.", why, ct);
    }

    private static async Task<IResult> RecordRebuild(RebuildRequested request, SyncLog log, StatusWatch watch, CancellationToken ct)
    {
        while (true)
        {
            var (state, version) = await log.Read(ct);
            if (state.Rebuild is { IsRunning: true } running)
                return Refused(StatusCodes.Status409Conflict,
                    $"A rebuild has been running since {running.OrderedAt:u}: GET /status shows how far it is.");
            if (await log.TryRecord([request], version, ct))
                return Results.Accepted(value: new ActionAnswer(
                    Rebuild.On(null, request)!.Id, Standstill(watch.Current.Report?.Reasons)));
        }
    }

    private static IResult Refused(int status, string why) => Results.Text(why, statusCode: status);
}

/// <param name="Id">The id that the status shows until the action has ended; null for an action without an end.</param>
/// <param name="Note">Why the action does not start at once; null when it does.</param>
internal sealed record ActionAnswer(Guid? Id, string? Note);
