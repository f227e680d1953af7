using LeadSync.Contracts;
using LeadSync.Scheduler.Planning;
using LeadSync.ServiceDefaults;

namespace LeadSync.Scheduler.Status;

/// <summary>
/// Whether the view shows what Zoho holds, and why not. Console, command line, exit codes, <c>legacy.sync_status</c>, metrics and alerts
/// all use this verdict.
/// </summary>
/// <param name="Reasons">The reasons, the worst first.</param>
internal sealed record Verdict(bool InSync, StatusSentence Sentence, IReadOnlyList<Reason> Reasons)
{
    /// <summary>A leader takes a step every second. A leader that took none for so long hangs.</summary>
    public static readonly TimeSpan TickPatience = TimeSpan.FromSeconds(60);

    /// <summary>A change that waits for longer is late.</summary>
    public static readonly TimeSpan ChangePatience = TimeSpan.FromSeconds(30);

    /// <summary>How long a first read may take before somebody should look at it.</summary>
    public static readonly TimeSpan FirstReadPatience = TimeSpan.FromHours(6);

    // The gateway asks Zoho about the channel every two minutes.
    private static readonly TimeSpan CheckPatience = TimeSpan.FromMinutes(10);

    // A statement may time out now and then.
    private static readonly TimeSpan WritePatience = TimeSpan.FromSeconds(10);

    // A gateway records every second that it receives. It records nothing while it waits for Zoho's clock, or for the broker to confirm a
    // gap.
    private static readonly TimeSpan ReceivingPatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongWithoutReceiving = TimeSpan.FromMinutes(1);

    // Exports fail now and then. After so many requests without a usable export, somebody should look.
    private const int UsualRequests = 3;

    private static readonly TimeSpan LongWait = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan ShortLife = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan ShortCertificate = TimeSpan.FromDays(14);
    private static readonly TimeSpan RebuildMemory = TimeSpan.FromDays(1);

    public static Verdict Of(StatusReport status)
    {
        Reason[] reasons = [.. Find(status).OrderByDescending(reason => reason.Tone)];
        var inSync = !reasons.Any(reason => reason.IsOutOfSync);
        var tone = reasons is [var worst, ..] ? worst.Tone : Tone.Good;
        return new(inSync, new StatusSentence(tone, Say(status, reasons, inSync)), reasons);
    }

    /// <summary>The verdict when the scheduler cannot read its database.</summary>
    /// <param name="notSent">Why a message about that could not be sent; null when none failed.</param>
    public static Verdict Unreadable(Outage database, string? notSent, DateTimeOffset now)
    {
        var text = Unable("read", database, now);
        var blind = new Reason(ReasonKind.CannotSee, Tone.Bad, true, text);
        return new(false, new StatusSentence(Tone.Bad, text), notSent is null ? [blind] : [blind, NotSent(notSent)]);
    }

    /// <summary>The reason while the scheduler cannot write its database.</summary>
    public static Reason Unwritable(Outage database, DateTimeOffset now) =>
        new(ReasonKind.CannotWrite, Tone.Bad, true, Unable("write", database, now));

    private static string Unable(string what, Outage database, DateTimeOffset now) =>
        $"The scheduler has been unable to {what} its database since {database.Since.UtcDateTime:HH:mm:ss} UTC, "
            + $"for {InWords.Span(now - database.Since)}: {database.Why}";

    private static Reason NotSent(string why) => new(ReasonKind.AlertNotSent, Tone.Busy, false, $"An alert could not be sent: {why}");

    private static string Say(StatusReport status, Reason[] reasons, bool inSync)
    {
        var last = (status.At - status.LastChange?.ModifiedTime) switch
        {
            null => " No change yet.",
            { TotalSeconds: < 1 } => " Last change just now.",
            { } ago => $" Last change {InWords.Span(ago)} ago.",
        };
        var comparing = status.Phase == Phase.Comparing ? " Comparing every lead with Zoho." : "";
        if (inSync)
            return string.Concat($"In sync.{last}{comparing}", string.Concat(reasons.Select(reason => $" {reason.Text}")));

        return reasons.Where(reason => reason.IsOutOfSync).All(reason => reason.Kind == ReasonKind.Parked)
            ? $"In sync but for {Items(status.Parked.Values.Sum())}.{last}{comparing}"
            : reasons[0].Text;
    }

    private static IEnumerable<Reason> Find(StatusReport status) =>
        Running(status).Concat(Channel(status)).Concat(Reading(status)).Concat(Changes(status)).Concat(Others(status));

    private static IEnumerable<Reason> Running(StatusReport status)
    {
        if (status.Database is { } database && status.At - database.Since > WritePatience)
            yield return Unwritable(database, status.At);

        // No scheduler can lead without a broker. Then the operator has to mend the broker, so the verdict names only the broker.
        if (!status.HasLeader && status.Broker is null)
            yield return new(ReasonKind.NoLeader, Tone.Bad, true, $"No scheduler leads: {Arriving(status)}nothing is renewed or repaired.");
        else if (status.HasLeader && status.LastTickAt is { } ticked && status.At - ticked > TickPatience)
            yield return new(ReasonKind.LeaderHangs, Tone.Bad, true,
                $"The leading scheduler hangs: it has done nothing for {InWords.Span(status.At - ticked)}. Restart it.");
        foreach (var service in status.Services.Where(service => IsDown(service, status)))
        {
            var since = service.SeenAt is { } seen ? $"No {service.Service} has run for {InWords.Span(status.At - seen)}"
                : $"No {service.Service} runs";
            yield return new(ReasonKind.ServiceDown, Tone.Bad, true,
                $"{since}: {(service.Service == "gateway" ? "no notification is received" : "no change reaches the view")}. Start it.",
                service.Service);
        }

        if (status is { Broker: null, ReceivedAt: { } received } && status.At - received > ReceivingPatience
            && status.Services.Any(service => service is { Service: "gateway", Replicas: > 0 }))
        {
            yield return new(ReasonKind.NotReceiving, status.At - received > LongWithoutReceiving ? Tone.Bad : Tone.Busy, true,
                $"For {InWords.Span(status.At - received)}, no gateway has recorded that it can receive notifications. "
                    + "The gateway's log says why.");
        }

        if (status.Broker is { } broker)
            yield return new(ReasonKind.BrokerDown, Tone.Bad, true,
                $"RabbitMQ has been unreachable for {InWords.Span(status.At - broker.Since)}: {broker.Why}");
        if (status.Pause is { } pause)
        {
            yield return new(ReasonKind.Paused, Tone.Busy, true,
                $"Paused{(pause.By is null ? "" : $" by {pause.By}")} for {InWords.Span(status.At - pause.Since)}"
                + (pause.Reason is null ? ": " : $" ({pause.Reason}): ")
                + $"{Arriving(status)}scheduled reads stop until you resume.");
        }
    }

    // While the database takes no writes, no process can record a heartbeat.
    private static bool IsDown(RunningService service, StatusReport status) => service is { Replicas: 0, Service: not "scheduler" }
        && !(service.SeenAt + Presence.Patience > status.Database?.Since);

    private static string Arriving(StatusReport status) =>
        status.Broker is null && status.Services.All(service => service.Replicas > 0) ? "live changes still arrive, but " : "";

    private static IEnumerable<Reason> Channel(StatusReport status)
    {
        if (!status.Channel.IsOpen)
        {
            yield return status.Channel switch
            {
                { Trouble: { } trouble } => new(ReasonKind.ChannelRefused, Tone.Bad, true,
                    $"Zoho does not open the notification channel: {trouble}"),
                _ when status.LastGoodSync is null => new(ReasonKind.ChannelClosed, Tone.Busy, true, "Opening the notification channel."),
                _ => new(ReasonKind.ChannelClosed, Tone.Busy, true,
                    "The notification channel is down and is being opened again; a catch-up then reads what was missed."),
            };
        }
        else if (status.Channel is { Trouble: { } trouble, ExpiresAt: { } expires } && expires - status.At < ShortLife)
        {
            yield return new(ReasonKind.ChannelExpires, Tone.Bad, false,
                $"The notification channel ends in {InWords.Span(expires - status.At)} and cannot be renewed: {trouble}");
        }

        if (status.Channel is { IsOpen: true, ConfirmedAt: { } confirmed } && status.At - confirmed > CheckPatience)
        {
            yield return new(ReasonKind.ZohoUnheard, Tone.Bad, true,
                $"Zoho has not answered for {InWords.Span(status.At - confirmed)}: the notification channel may be lost.");
        }

        if (status.Channel.IsSilent)
        {
            yield return new(ReasonKind.ChannelSilent, Tone.Bad, true,
                "Zoho does not reach the gateway: leads were modified, and no notification arrived. "
                    + "Catch-ups bring the changes, minutes late.");
        }
    }

    private static IEnumerable<Reason> Reading(StatusReport status)
    {
        if (status.Run is { Requests: > UsualRequests } run)
        {
            var trouble = run.Pages.Select(page => page.Trouble).FirstOrDefault(trouble => trouble is not null);
            yield return new(ReasonKind.ExportFails, Tone.Bad, false,
                $"Zoho was asked for an export {run.Requests} times, and none could be used yet.{(trouble is null ? "" : $" {trouble}")}");
        }

        if (status.FullComparison.LastRead is null)
        {
            var isLong = status.At - status.FirstLedAt > FirstReadPatience;
            yield return new(ReasonKind.FirstRead, isLong ? Tone.Bad : Tone.Busy, true, FirstRead(status.Run));
            yield break;
        }

        if (!status.CatchUp.HasSucceeded)
            yield return new(ReasonKind.CatchUpAfterFirstRead, Tone.Busy, true,
                "Every lead is read; a catch-up reads what has changed meanwhile.");
        if (status.CatchUp.Failures > 1)
        {
            yield return new(ReasonKind.CatchUpFails, Tone.Bad, true,
                $"Catching up has failed {status.CatchUp.Failures} times in a row "
                + $"and is tried again{In(status.CatchUp.Next, status.At)}. {status.CatchUp.Trouble}");
        }
        else if (status.CatchUp.Failures == 1)
        {
            yield return new(ReasonKind.CatchUpFails, Tone.Busy, true,
                $"The last catch-up failed and is tried again{In(status.CatchUp.Next, status.At)}. {status.CatchUp.Trouble}");
        }

        if (status.Gaps.Open.Count > 0)
            yield return new(ReasonKind.GapOpen, Tone.Busy, true, Missed(status.Gaps.Open, status.At));
        if (status.CatchUp.IsReadInBulk)
            yield return new(ReasonKind.ReadInBulk, Tone.Busy, true,
                "Catching up in bulk: more was modified than can be read lead by lead.");
        if (status.FullComparison.HeldBack is { } held)
        {
            yield return new(ReasonKind.ComparisonHeldBack, Tone.Bad, true,
                $"Held back: a comparison would remove {InWords.Count(held.Missing)} of {InWords.Count(held.Living)} leads. "
                + "Release it or drop it.");
        }

        if (status is { Paused: false, LastGoodSync: { } good } && status.At - good > status.CatchUp.Patience)
        {
            yield return new(ReasonKind.Behind, Tone.Bad, true,
                $"Changes of the last {InWords.Span(status.At - good)} are not verified: no catch-up has succeeded since.");
        }
    }

    private static IEnumerable<Reason> Changes(StatusReport status)
    {
        if (status.Waiting is { Count: > 0, Oldest: { } oldest } waiting && status.At - oldest > ChangePatience)
        {
            yield return new(ReasonKind.ChangesWait, status.At - oldest > LongWait ? Tone.Bad : Tone.Busy, true,
                $"{InWords.Count(waiting.Count, "message")} with changes {(waiting.Count == 1 ? "waits" : "wait")}, "
                + $"the oldest for {InWords.Span(status.At - oldest)}.");
        }

        if (status.Rereads is { Count: > 0, Oldest: { } since } && status.At - since > ChangePatience)
        {
            yield return new(ReasonKind.RereadsWait, Tone.Busy, true,
                "Zoho's export did not show everything about some leads. "
                    + $"LeadSync has been reading them one by one for {InWords.Span(status.At - since)}.");
        }

        if (status.Parked.Values.Sum() is > 0 and var parked)
            yield return new(ReasonKind.Parked, Tone.Bad, true, $"{InWords.Count(parked, "parked item")} could not be applied.");
    }

    private static IEnumerable<Reason> Others(StatusReport status)
    {
        if (status.Credits.Left < 1)
            yield return new(ReasonKind.CreditsUsedUp, Tone.Bad, false,
                "No API credits are left: LeadSync reads changes announced now when credits are free again.");
        else if (status.Credits.Postponed.Count > 0)
            yield return new(ReasonKind.CreditsShort, Tone.Busy, false,
                $"{Waiting(status.Credits.Postponed)} waits for API credits{At(status.Credits.ResetsAt)}.");
        if (status.Rebuild is { Trouble: { } failure } rebuild && status.At - rebuild.OrderedAt < RebuildMemory)
            yield return new(ReasonKind.RebuildFailed, Tone.Bad, false, $"The last rebuild failed, and the view is unchanged: {failure}");
        if (status.CertificateEnds is { } ends && ends - status.At < ShortCertificate)
        {
            yield return new(ReasonKind.CertificateEnds, Tone.Bad, false, ends > status.At
                ? $"The certificate of the gateway's public address ends in {InWords.Span(ends - status.At)}."
                : "The certificate of the gateway's public address has ended: Zoho no longer delivers.");
        }

        if (status.AlertTrouble is { } notSent)
            yield return NotSent(notSent);
    }

    private static string FirstRead(StatusReport.RunReport? run) => run is { Rows: > 0 }
        ? $"Reading every lead for the first time: {InWords.Count(run.RowsDone)} of {InWords.Count(run.Rows)} so far."
        : "Reading every lead for the first time: waiting for Zoho's export.";

    private static string Missed(IReadOnlyList<Gap> gaps, DateTimeOffset now)
    {
        var from = gaps.Min(gap => gap.From);
        var to = gaps.Max(gap => gap.To ?? now);
        return $"Catching up: up to {InWords.Span(to - from)} may be missing{Why(gaps)}";
    }

    private static string Why(IReadOnlyList<Gap> gaps) => gaps.Where((gap, index) => !gaps.Take(index).Any(gap.IsLike)).ToList() switch
    {
        [{ Kind: GapKind.ChannelLost or GapKind.ChannelExpired }] => ": the notification channel was down.",
        [{ Kind: GapKind.ChannelSilent }] => ": the notification channel delivered nothing.",
        [{ Kind: GapKind.NoGateway }] => ": no gateway was up.",
        [{ Kind: GapKind.GatewayCrashed }] => ": a gateway crashed.",
        [{ Kind: GapKind.Refused }] => ": the gateway could not accept notifications.",
        [{ Kind: GapKind.ManyAtOnce }] => ": so many leads changed at once that they are read together.",
        [{ Kind: GapKind.DeletionsHidden }] => ": Zoho lists more deleted leads than it shows, so all are compared.",
        [var gap] => $". {gap.Cause}",
        var causes => $", for {causes.Count} reasons.",
    };

    private static string Waiting(IReadOnlyList<Postponed> postponed) => postponed.Contains(Postponed.CatchUp)
        ? "The next catch-up"
        : postponed.Contains(Postponed.BulkRead) ? "A bulk read" : "The next full comparison";

    private static string Items(long parked) => parked == 1 ? "one parked item" : InWords.Count(parked, "parked item");

    private static string In(DateTimeOffset? next, DateTimeOffset now) => next > now ? $" in {InWords.Span(next.Value - now)}" : "";

    private static string At(DateTimeOffset? moment) => moment is { } at ? $" until {at.UtcDateTime:HH:mm} UTC" : "";
}
