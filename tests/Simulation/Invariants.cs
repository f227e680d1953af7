using LeadSync.Contracts;
using LeadSync.Projector.Leads;
using LeadSync.Scheduler.Planning;
using LeadSync.Simulation.Model;

namespace LeadSync.Simulation;

/// <param name="Guarantee">The name of the broken guarantee.</param>
internal sealed record Violation(string Guarantee, string Text);

/// <summary>The guarantees that must hold at every step.</summary>
internal sealed class Invariants(World world)
{
    // The error of known clocks is a few seconds, plus half of the ten seconds that an answer may take.
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(9);

    // Less than the ten minutes for which the gateway accepts earlier tokens.
    private static readonly TimeSpan TokensStayAccepted = TimeSpan.FromMinutes(5);

    // The span that the next catch-up reads again.
    private static readonly TimeSpan Overlap = TimeSpan.FromMinutes(2);

    private readonly List<DateTimeOffset> notReceived = [];
    private readonly HashSet<(Guid CatchUp, int Page)> catchUpPages = [];
    private readonly Dictionary<Guid, Dictionary<string, LeadChanged>> found = [];
    private readonly Dictionary<Guid, CatchUp> sent = [];
    private readonly HashSet<Guid> doubled = [];
    private DateTimeOffset granted;
    private DateTimeOffset? readSince;

    /// <summary>The first violation.</summary>
    public Violation? Violation { get; private set; }

    public void Break(string guarantee, string text)
    {
        // Violations that follow from the first one are not reported.
        if (Violation is not null)
            return;

        Violation = new Violation(guarantee, text);
        world.Trace($"BROKEN: {guarantee}: {text}");
    }

    /// <summary>A service has published something.</summary>
    public void Published(object message)
    {
        switch (message)
        {
            case CatchUp command:
                // Two leaders may both send the command, when one does not know yet that it has lost the lock.
                if (!sent.TryAdd(command.CatchUpId, command))
                    doubled.Add(command.CatchUpId);
                break;
            case CatchUpPageReady page:
                if (!catchUpPages.Add((page.CatchUpId, page.Page)) && !doubled.Contains(page.CatchUpId))
                    Break("one id stands for one reading", $"page {page.Page} of catch-up {page.CatchUpId} was published twice");
                if (!found.TryGetValue(page.CatchUpId, out var leads))
                    found.Add(page.CatchUpId, leads = []);
                foreach (var lead in page.Leads)
                    leads[lead.Id] = lead;
                break;
            case CatchUpRead read:
                Claimed(read);
                break;
        }
    }

    /// <summary>The broker delivers a message twice, and neither copy looks like a repetition.</summary>
    public void Doubled(object message)
    {
        if (message is CatchUp command)
            doubled.Add(command.CatchUpId);
    }

    /// <summary>A comparison has found leads missing.</summary>
    public void Missed(CompareLeads run, IReadOnlyList<string> missing)
    {
        foreach (var id in missing.Where(id => world.Leads.WasShown(run.RunId, id)))
            Break("only missing leads are reported as missing", $"{id} was on a page of run {run.RunId}");
    }

    /// <summary>An observation was folded.</summary>
    public void Folded(LeadChanged change, Content? before, LeadRow row)
    {
        if (row.Shown is { } shown && before is not null && shown.ModifiedTime < before.ModifiedTime)
            Break("no step back", $"{change.Id} went from {before.ModifiedTime:HH:mm:ss} back to {shown.ModifiedTime:HH:mm:ss}");
        if (row.Shown is { } now && row.Registers.Content is { } greatest && now.ModifiedTime < greatest.ModifiedTime)
            Break(
                "no step back",
                $"{change.Id} is shown as of {now.ModifiedTime:HH:mm:ss} although {greatest.ModifiedTime:HH:mm:ss} is known");

        var lead = world.Zoho.Find(change.Id)!;
        var slack = world.Profile.Lag + Tolerance;
        if (change.Content is { } seen && !lead.WasEver(seen.ModifiedTime, seen.Fields, change.ObservedAt - slack))
            Break(
                "an observation speaks of no later moment than it was made",
                $"{change.Id} was no more as of {change.ObservedAt:HH:mm:ss.fff} what was seen");
        if (before is not null && row.Shown is null && !lead.WasEver(there: false, change.ObservedAt - slack))
            Break("only what Zoho no longer has is removed", $"{change.Id} was removed");
        if (before is null && row.Shown is not null && row.Registers.Absence is { } absence
            && !lead.WasEver(there: true, absence.ObservedAt - slack))
            Break("a deleted lead returns only if Zoho shows it again", $"{change.Id} returned");
    }

    /// <summary>The scheduler's state took one more event.</summary>
    public void Recorded(SyncState before, object @event)
    {
        var state = world.Log.State;
        readSince ??= state.LastGoodSync is null ? null : world.Now;
        if (state.Channel.Id is not null && state.Channel.ExpiresAt > Later(world.Zoho.Expiry, ref granted) + Tolerance)
            Break(
                "the channel's expiry is the granted one",
                $"{state.Channel.ExpiresAt:dd HH:mm:ss} is believed, {granted:dd HH:mm:ss} was granted");
        if (@event is BulkPageProjected page && !world.Leads.Pages.Contains((page.RunId, page.Page)))
            Break("only projected pages are reported as projected", $"page {page.Page}");
        if (state.Run is null
            && before is { Run: { Pages.Count: > 1 } run } and ({ LastGoodSync: null } or { CatchUps.TooLargeSince: not null }))
            Slip(run);
        if (state.ModifiedThrough > before.ModifiedThrough || state.DeletedThrough > before.DeletedThrough)
            Applied(
                "every change before the last good sync is applied", state.ModifiedThrough!.Value - Overlap,
                state.DeletedThrough!.Value - Overlap);
        if (@event is GapClosed closed && before.Gaps.Open.FirstOrDefault(gap => gap.Id == closed.GapId) is { To: { } to })
            Applied("a gap is closed when it was caught up", to - Tolerance - world.Profile.Lag, to - Tolerance - world.Profile.Lag);
    }

    /// <summary>A notification was answered.</summary>
    /// <param name="announcedBefore">How often its leads had been announced when the notification arrived.</param>
    /// <param name="token">The notification's token.</param>
    /// <param name="sentAt">When Zoho tried to deliver the notification.</param>
    public void Answered(int status, Dictionary<string, int> announcedBefore, string token, DateTimeOffset sentAt)
    {
        if (status == 200 && announcedBefore.Any(id => world.Broker.Announced(id.Key) <= id.Value))
            Break("durable acknowledgement", "200, and the broker does not have it");
        var isCurrent = token == world.Zoho.Channel?.Token;
        if (status is not (200 or 503) && world.Zoho.HasChannel && (isCurrent || world.Now - sentAt < TokensStayAccepted))
            Break("no notification of ours is refused", $"{status}");
        if (status == 503)
            NotReceived(world.Now);
    }

    /// <summary>
    /// Nobody received a notification. A sync misses nothing before the first full read, and nothing from before its last good
    /// sync.
    /// </summary>
    public void NotReceived(DateTimeOffset at)
    {
        if (at >= readSince && at >= world.Log.State.LastGoodSync)
            notReceived.Add(at);
    }

    /// <summary>Every moment at which a notification was not received lies in a gap.</summary>
    public void Noticed()
    {
        foreach (var at in notReceived.Where(
            at => !world.Log.State.Gaps.All.Exists(gap => gap.From - Tolerance <= at && !(gap.To + Tolerance < at))))
            Break("what was not received is in a gap", $"{at:dd HH:mm:ss} is in none of {string.Join(", ", world.Log.State.Gaps.All)}");
    }

    /// <summary>
    /// The view has every change from before a moment that Zoho shows. A full comparison finds the changes that Zoho does not show.
    /// </summary>
    public void Applied(string guarantee, DateTimeOffset modifiedBefore, DateTimeOffset deletedBefore)
    {
        foreach (var lead in world.Zoho.Leads)
        {
            var current = lead.Current;
            if (!current.IsSilent && !IsExcused(lead) && current.At < (current.Content is null ? deletedBefore : modifiedBefore)
                && Difference(lead) is { } difference)
                Break(guarantee, difference);
        }
    }

    /// <summary>The view equals Zoho.</summary>
    /// <param name="isCompared">Whether a full comparison has just run. Nothing else finds a lead that is gone and not listed as
    /// deleted.</param>
    public void Equal(string guarantee, bool isCompared = true)
    {
        foreach (var lead in world.Zoho.Leads)
        {
            if (IsParked(lead))
                continue;
            if (lead.IsOdd)
                Break("what cannot be applied is parked", $"{lead.Id} cannot be stored, and is not parked");
            if ((isCompared || lead.Current is not { Content: null, DeletedTime: null }) && Difference(lead) is { } difference)
                Break(guarantee, difference);
        }
    }

    /// <summary>A rebuild from the events equals the view.</summary>
    public void Replay()
    {
        foreach (var (id, row) in world.Leads.All)
        {
            var lead = row.Events.Aggregate(Lead.Unknown, (before, @event) => @event.Apply(before));
            if (!ShowsSame(row.Shown, lead.IsAlive ? lead.Content : null))
                Break(
                    "replay equality",
                    $"{id} is {Text(row.Shown)} in the view and {(lead.IsAlive ? Text(lead.Content) : "gone")} by its events");
        }
    }

    // Lists lag, and a reader knows Zoho's time only to a few seconds.
    private void Claimed(CatchUpRead read)
    {
        var since = sent[read.CatchUpId].Since;
        var until = read.Until - world.Profile.Lag - Tolerance;
        foreach (var lead in world.Zoho.Leads)
        {
            if (!IsExcused(lead) && lead.Current is { Content: { } content, IsSilent: false } current && current.At < until
                && content.ModifiedTime > since
                && found.GetValueOrDefault(read.CatchUpId)?.GetValueOrDefault(lead.Id)?.Content?.ModifiedTime != content.ModifiedTime)
                Break(
                    "a catch-up has read everything up to the end that it reports",
                    $"{lead.Id} was modified at {current.At:HH:mm:ss}, before {read.Until:HH:mm:ss}, and is on no page");
        }
    }

    // Parked, or replayed and in transit.
    private bool IsExcused(ZohoLead lead) =>
        lead.IsOdd || world.Leads.Refused.Contains(lead.Id) || world.Parked.HasLead(lead.Id) || world.Parked.WasReplayed(lead.Id);

    private bool IsParked(ZohoLead lead) => (lead.IsOdd || world.Leads.Refused.Contains(lead.Id)) && world.Parked.HasLead(lead.Id);

    // Zoho cuts pages by position, and they shift while people work. Only a full comparison finds a lead that slips through the first read,
    // or through a bulk read that replaces a catch-up.
    private void Slip(BulkRun run)
    {
        foreach (var lead in world.Zoho.Leads.Where(lead => lead.Current is { Content: { } content } current
            && current.At < run.FirstCreatedTime && !(content.ModifiedTime < run.ModifiedSince)
            && !world.Leads.WasSighted(run.Id, lead.Id)))
            lead.Slip();
    }

    private static DateTimeOffset Later(DateTimeOffset one, ref DateTimeOffset most) => most = one > most ? one : most;

    private static bool ShowsSame(Content? one, Content? other) => one is null || other is null
        ? one is null && other is null
        : one.ModifiedTime == other.ModifiedTime && Same(one.Fields!, other.Fields!);

    private string? Difference(ZohoLead lead)
    {
        var shown = world.Leads.Find(lead.Id)?.Shown;
        if (lead.Current.Content is not { } content)
            return shown is null ? null : $"{lead.Id} is {Text(shown)}, Zoho no longer has it";
        if (shown is not null && shown.ModifiedTime == content.ModifiedTime && Same(shown.Fields!, content.Fields!))
            return null;

        return $"{lead.Id} is {Text(shown)}, Zoho has {content.Fields!["Last_Name"]} of {content.ModifiedTime:dd HH:mm:ss}, converted "
            + $"{content.Fields!["Converted__s"]}";
    }

    private static bool Same(IReadOnlyDictionary<string, string?> one, IReadOnlyDictionary<string, string?> other) =>
        one["Last_Name"] == other["Last_Name"] && one["Converted__s"] == other["Converted__s"];

    private static string Text(Content? content) =>
        content is null
            ? "not there"
            : $"{content.Fields!["Last_Name"]} of {content.ModifiedTime:dd HH:mm:ss}, converted {content.Fields!["Converted__s"]}";
}
